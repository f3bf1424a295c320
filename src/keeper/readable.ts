import { type Answer, no, unknown, yes } from '../core/answer.ts'
import { becomes } from '../core/becomes.ts'
import type { World } from '../deps.ts'
import type { TerminalPlace } from '../multiplexer/port.ts'
import { ownMultiplexer } from './own-multiplexer.ts'
import { terminalEnvironment } from './terminal.ts'

const mostMs = 10_000

/**
 * Whether a program in a terminal of ours can read a file: macOS grants some files to what started the program, so that
 * what this process may read says nothing. Starts such a terminal for a moment. Throws an ExpectedError where it can't be
 * started.
 */
export const readable = async (world: World, file: string): Promise<Answer<true>> => {
  const { folder } = world.folders.keeper
  const told = `${folder}/readable`
  world.files.makeFolder(folder)
  for (const old of [told, `${told}.said`]) world.files.remove(old)
  const multiplexer = await ownMultiplexer(world)
  const place = probePlace(world)
  const command = ['/bin/sh', '-c', script, 'sh', file, told]
  try {
    await multiplexer.start(place, command, { cwd: folder, env: terminalEnvironment(world), server: null })
    const isTold = () => world.files.readText(told) !== null
    if (!(await becomes(world.clock, mostMs, isTold))) return unknown(`no answer within ${mostMs / 1_000} s`)
    if (world.files.readText(told)?.trim() === '0') return yes(true)
    return no(world.files.readText(`${told}.said`)?.trim() || 'it was refused')
  } finally {
    await multiplexer.end(place)
    for (const old of [told, `${told}.said`]) world.files.remove(old)
  }
}

// What it says stands beside its exit status, which is written last and whole.
const script = 'head -c 1 "$1" 2>"$2.said" >/dev/null; echo $? >"$2.new" && mv "$2.new" "$2"; sleep 1'

const probePlace = ({ folders }: World): TerminalPlace => {
  const { folder, socket } = folders.keeper
  return {
    session: 'readable',
    socket: `${socket.slice(0, socket.lastIndexOf('/'))}/readable`,
    attachedFile: `${folder}/readable.attached`,
    screens: folders.screens,
    userConfig: folders.userConfig,
  }
}
