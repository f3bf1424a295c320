/** What a text says but for numbers, ids and times. */
export const gist = (text: string): string => withoutIds(text).replace(/\d+/g, '#')

/** The same, where other numbers count: processes, ports, times of day and durations are left out, too. */
export const withoutPassing = (text: string): string =>
  withoutIds(text)
    .replace(/\d{4}-\d\d-\d\d|\d\d:\d\d(:\d\d)?(\.\d+)?/g, '#')
    .replace(/\b(pid|process|port) \d+|:\d+\b/gi, '#')
    .replace(/\b\d+(\.\d+)?(?= ?(ms|s|m|h|d|seconds?|minutes?|hours?|days?)\b)/g, '#')

const withoutIds = (text: string): string =>
  text.replace(uuid, '#').replace(/\b0x[\da-f]+\b|\b(?=[\da-f]*\d)[\da-f]{7,}\b/gi, '#')

const uuid = /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi
