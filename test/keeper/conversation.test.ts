import { expect, test } from 'vitest'
import * as mcpLog from '../../src/claude/mcp-log.ts'
import * as paths from '../../src/claude/paths.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import type { Run } from '../../src/core/records.ts'
import type { World } from '../../src/deps.ts'
import { chooseConversation } from '../../src/keeper/conversation.ts'
import { systemClock } from '../../src/system/clock.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { createTail } from '../../src/system/tail.ts'
import { run, session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

const fresh = '33333333-3333-4333-8333-333333333333'

/** What the last run of a session leads to when each conversation it might name has a transcript, to resume or not. */
const choose = (before: Run, isResumable = true) => {
  const home = ownFolder()
  const world = {
    files,
    folders: resolveFolders({ CHANNELS_HOME: home }, home),
    createTail,
    clock: systemClock,
    uuid: () => fresh,
    claude: {
      ...mcpLog,
      ...paths,
      isResumable: () => isResumable,
      findTranscript: (_: unknown, id: string) => (id === fresh ? null : 'there'),
    },
  } as unknown as World
  return chooseConversation(world, session, clientPaths({}, home, 'linux'), before, { take: 'last' })
}

test('the last conversation goes on in the folder it was in', () => {
  expect(choose(run({ cwd: session.cwd }))).toEqual({ id: run().conversation, resume: true })
  // A release that did not write the folder down.
  expect(choose(run({ cwd: null }))).toEqual({ id: run().conversation, resume: true })
})

test('set up with another folder, a session begins a new one: the client may not find the old one there', () => {
  expect(choose(run({ cwd: '/somewhere/else' }))).toEqual({ id: fresh, resume: false })
})

test('a conversation in which nobody has said anything can neither go on nor begin again: a new id', () => {
  expect(choose(run({ cwd: session.cwd }), false)).toEqual({ id: fresh, resume: false })
})
