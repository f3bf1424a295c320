import type { DialogSettings, Session } from '../../core/session.ts'
import type { Ask } from '../../deps.ts'
import { usageError } from '../../errors.ts'
import type { SetupOptions } from './options.ts'
import type { Tell } from './questions.ts'

type Answer = DialogSettings['development']

/**
 * How the warning is answered that the client shows at every start with a channel that is not approved: as said, as it
 * was, or as the person chooses, who is told the risk first. Throws an ExpectedError: 2 with nobody to ask and nothing
 * said, 130 when cancelled.
 */
export const chooseWarning = async (
  id: string,
  { development }: Pick<SetupOptions, 'development'>,
  before: Session | null,
  ask: Ask | null,
  tell: Tell,
): Promise<Answer> => {
  const known = before?.channels.some((channel) => channel.id === id) ? before.dialogs.development : null
  const said = development ?? (ask === null ? known : null)
  tell.warn(`\`${id}\` is not on the list of channels that Anthropic approved.`)
  tell.say(
    'Whatever its program hands over is put before Claude as a message, and Claude does with it what it may do on this machine. Use it only if you know that program, and who can reach it.',
  )
  if (said !== null) return said
  if (ask === null)
    throw usageError(
      'How shall the client’s warning before development channels be answered?',
      'Say --development accept: you know the program and the risk, and it is answered at every start. Or --development ask: each start waits for you at its terminal.',
    )
  return ask.choose<Answer>({
    message: 'The client warns of that at every start, and waits. Shall it be answered for you?',
    options: [
      { value: 'ask', label: 'No, I answer it at the terminal', hint: 'each start waits until then' },
      { value: 'accept', label: 'Yes, I know the program and the risk', hint: 'it starts by itself, always' },
    ],
    initial: known ?? 'ask',
  })
}
