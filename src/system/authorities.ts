import type { SecureContext } from 'node:tls'

/**
 * Trust in Node's own authorities and in those of a PEM file beside them; null when there is no such file, or none that
 * may be read. Made of some 145 certificates, which takes 75 ms and 3 MiB: the same file, unchanged, is answered with the
 * same context. Throws what OpenSSL says of a file that it can't take.
 */
export const trustAlso = async (path: string): Promise<SecureContext | null> => {
  const { readFileSync, statSync } = await import('node:fs')
  const { createSecureContext, rootCertificates } = await import('node:tls')
  // Nothing is waited for from here on: of fifty sessions that ask at once, the first makes what the others take.
  const read = <T>(ask: () => T): T | null => {
    try {
      return ask()
    } catch {
      return null
    }
  }
  // Looked at before it is read: what is written in between is read again.
  const file = read(() => statSync(path, { bigint: true }))
  if (file === null) return forget(path)
  const mark = `${file.dev} ${file.ino} ${file.size} ${file.mtimeNs} ${file.ctimeNs}`
  const before = known.get(path)
  if (before?.mark === mark) return before.context
  const extra = read(() => readFileSync(path, 'utf8'))
  if (extra === null) return forget(path)
  const context = createSecureContext({ ca: [...rootCertificates, extra] })
  forget(path)
  const [oldest] = known.keys()
  if (oldest !== undefined && known.size >= most) forget(oldest)
  known.set(path, { mark, context })
  return context
}

/** Sessions name one file, or a few. By path, the one that was made first in front. */
const known = new Map<string, { readonly mark: string; readonly context: SecureContext }>()
const most = 4

const forget = (path: string): null => {
  known.delete(path)
  return null
}
