import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readText } from './state.ts'

// Field notes, section 3: within 5 s of the file being written.
const checkMs = 2000

/** Says "Paired!" to every chat in `approved/<senderId>` and deletes the file; returns the timer that looks. */
export const answerApprovals = (say: Say, dir: string): NodeJS.Timeout =>
  setInterval(() => void answerAll(say, join(dir, 'approved')), checkMs)

/** Sends a text to a chat. */
export type Say = (chatId: string, text: string) => Promise<unknown>

const answerAll = async (say: Say, folder: string) => {
  for (const sender of filesIn(folder)) {
    const file = join(folder, sender)
    const chatId = readText(file)?.trim() || sender
    rmSync(file, { force: true })
    await say(chatId, 'Paired! Say hi to Claude.').catch(staySilent)
  }
}

/** Nothing is printed after start-up (field notes, section 2). */
export const staySilent = (): null => null

const filesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
