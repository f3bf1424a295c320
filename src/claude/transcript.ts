import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ClientPaths, Transcript } from '../core/client.ts'
import { type Fields, numberField, objectField, parseFields, textField, timeField } from './fields.ts'

/** Adds one line of a transcript (field notes, section 2). What is cut, garbled or unknown changes nothing. */
export const foldTranscript = (transcript: Transcript, line: string): Transcript => {
  const fields = parseFields(line)
  if (fields === null) return transcript
  const at = timeField(fields, 'timestamp')
  switch (textField(fields, 'type')) {
    case 'user':
      return isDelivered(fields)
        ? { ...transcript, delivered: transcript.delivered + 1, lastDeliveredAt: at }
        : transcript
    case 'queue-operation':
      return { ...transcript, queued: queuedAfter(transcript.queued, textField(fields, 'operation')) }
    case 'assistant':
      return at === null ? transcript : afterAnswer(transcript, fields, at)
    default:
      return transcript
  }
}

/**
 * The transcript of a conversation, or null when there is none yet. Every project folder is searched: how the client
 * derives the folder's name has limits that change (field notes, section 1).
 */
export const findTranscript = (paths: ClientPaths, conversation: string): string | null => {
  if (!uuidPattern.test(conversation)) return null
  const projects = join(paths.config, 'projects')
  const files = foldersIn(projects).map((folder) => join(projects, folder, `${conversation}.jsonl`))
  return files.find((file) => existsSync(file)) ?? null
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const isDelivered = (fields: Fields): boolean => {
  const origin = objectField(fields, 'origin')
  return origin !== null && textField(origin, 'kind') === 'channel'
}

// One row for each message that leaves the queue, popAll (back into the prompt) too: code of 2.1.139 and 2.1.330.
const leaving: ReadonlySet<string> = new Set(['dequeue', 'remove', 'popAll'])

const queuedAfter = (queued: number, operation: string | null): number => {
  if (operation === 'enqueue') return queued + 1
  return operation !== null && leaving.has(operation) ? Math.max(0, queued - 1) : queued
}

const afterAnswer = (transcript: Transcript, fields: Fields, at: number): Transcript => {
  if (fields.isApiErrorMessage === true) {
    const failure = { at, status: numberField(fields, 'apiErrorStatus'), error: textField(fields, 'error') }
    return { ...transcript, apiFailure: failure }
  }
  // What the client writes in the model's name ("No response requested.") proves nothing about the API.
  const model = textField(objectField(fields, 'message') ?? {}, 'model')
  return model === '<synthetic>' ? transcript : { ...transcript, lastAssistantAt: at, apiFailure: null }
}

const foldersIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
