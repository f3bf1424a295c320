import { findSession } from '../../core/settings.ts'
import type { Ask, Deps } from '../../deps.ts'
import { type Draft, emptyDraft, offerDraft, readDraft } from './draft.ts'
import { setUpBefore } from './finish.ts'
import { isAdded } from './former.ts'
import { isKnown } from './name.ts'
import type { SetupOptions } from './options.ts'

/** What was answered before, where the person wants to go on with it. */
export const unfinished = async (
  id: string,
  options: SetupOptions,
  ask: Ask,
  deps: Deps,
): Promise<Draft | null> => {
  const { session } = options
  const found = readDraft(id, deps)
  // What is written already takes no flags any more: whoever gives some describes a session anew.
  const isDone = describes(options) && setUpBefore(found, deps) !== null
  if (found !== null && !isDone && (session === null || session === found.session))
    return offerDraft(found, ask, deps)
  if (session === null || !isKnown(session, deps) || describes(options)) return null
  // A further channel of it: nothing of that is there yet.
  if (isAdded(id, findSession(deps.settings.read(), session))) return null
  const answer = await ask.choose({
    message: `\`${session}\` is set up already.`,
    options: [
      {
        value: 'finish',
        label: 'Start it, let somebody in, try it',
        hint: 'what is done already is left out',
      },
      { value: 'again', label: 'Set it up again', hint: 'folder, bot and permissions are asked for' },
    ],
    initial: 'finish',
  })
  const empty = emptyDraft(id, deps.clock.now())
  return answer === 'finish' ? { ...empty, session, applied: true } : null
}

/** Flags that only mean something to a session that is described anew. */
export const describes = (options: SetupOptions): boolean =>
  options.cwd !== null ||
  options.tokenFile !== null ||
  options.stateDir !== null ||
  options.port !== null ||
  options.development !== null ||
  options.permissionMode !== null ||
  options.multiplexer !== null ||
  options.allow.length > 0 ||
  options.clientArguments.length > 0 ||
  options.removeWebhook ||
  options.move ||
  options.takeOver ||
  options.dangerouslySkipPermissions ||
  options.exclusive !== null
