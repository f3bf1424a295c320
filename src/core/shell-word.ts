/** A path or name as a word of a shell: as it is where that is safe, else quoted. What is printed as a command may be pasted. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
