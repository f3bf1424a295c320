import type { RetryLine, Transcript } from './client.ts'

/** The transcript of a client that does not write down how often it asked the model API in vain: by what its screen says. */
export const withRetries = (
  transcript: Transcript | null,
  line: RetryLine | null,
  now: number,
): Transcript | null => {
  if (transcript === null || transcript.retrying !== null || line === null) return transcript
  const { nextAt, attempt: times } = line
  const since = transcript.lastRowAt ?? now
  return { ...transcript, retrying: { since, at: now, times, status: null, nextAt } }
}
