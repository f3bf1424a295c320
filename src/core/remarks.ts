import type { Access } from './access.ts'
import type { Evidence } from './evidence.ts'
import { kinds } from './kinds.ts'
import { isTakenDown } from './take-down.ts'
import { isUpdated } from './update.ts'
import { type Named, sayWhich } from './which-channel.ts'

export type Remark =
  | 'unpaired'
  | 'policy-open'
  | 'keeper-missing'
  | 'keeper-silent'
  | 'resume-dialog'
  | 'client-outdated-on-disk'
  | 'client-updated'

/** What of a session's report says which of its channels a remark is about. */
export type Remarked = {
  readonly name: string
  readonly channels: readonly (Named & {
    readonly policy: Access['policy'] | null
    readonly senders: number | null
  })[]
}

/** A whole sentence for people, with the command that helps this session, as it can be typed. */
export const remarkFor = (remark: Remark, { name, channels }: Remarked): string => {
  const meant = channels.find(isMeant[remark] ?? nobody) ?? null
  return sayWhich(texts[remark], meant, channels).replaceAll('<session>', name)
}

type Meant = (channel: Remarked['channels'][number]) => boolean

const nobody: Meant = () => false
const isMeant: Readonly<Partial<Record<Remark, Meant>>> = {
  unpaired: ({ kind, senders }) => kinds[kind].usualPolicy === 'pairing' && senders === 0,
  'policy-open': ({ policy, senders }) => policy === 'pairing' && senders !== null && senders > 0,
}

/** What is worth knowing and makes the session no less live. */
export const remarksOf = ({
  wanted,
  keeper,
  silentKeeper,
  client,
  channels,
  session,
  run,
  orders,
}: Evidence): readonly Remark[] => {
  const remarks: Remark[] = []
  const access = channels.flatMap((channel) => (channel.access.is === 'yes' ? [channel.access.value] : []))
  // Of one that takes nobody by its list the owner is heard all the same.
  const empty = channels.some(
    (each) =>
      kinds[each.channel.kind].usualPolicy === 'pairing' &&
      each.access.is === 'yes' &&
      each.access.value.senders.length === 0,
  )
  if (empty) remarks.push('unpaired')
  if (access.some(({ policy, senders }) => policy === 'pairing' && senders.length > 0))
    remarks.push('policy-open')
  // Taken down, that is what it waits for, and it says so itself.
  if (wanted?.want && keeper === null && !isTakenDown(run, orders))
    remarks.push(silentKeeper === null ? 'keeper-missing' : 'keeper-silent')
  if (client?.dialog?.name === 'resume-dialog' && client.file !== null) remarks.push('resume-dialog')
  if (client?.replaced) remarks.push('client-outdated-on-disk')
  // Who said never knows; both versions stand in `status`.
  if (client !== null && isUpdated(client) && session.restart.updateMs !== null)
    remarks.push('client-updated')
  return remarks
}

const texts: Readonly<Record<Remark, string>> = {
  unpaired: 'nobody may write to this bot yet: `channels pair <session>` lets you in',
  'policy-open':
    'anybody who writes to this bot gets a pairing code: `channels access <session> policy allowlist` ends that',
  'keeper-missing':
    'no keeper is at work: crashes still restart, deaf channels do not heal; `channels up <session>` starts one',
  'keeper-silent':
    'the keeper is there and has not looked for a minute or more: crashes still restart, deaf channels do not heal; `channels doctor <session>` says how to end it',
  'resume-dialog':
    'the client asks at its terminal how to resume an old conversation, and answers messages all the same: `channels attach <session>`',
  'client-outdated-on-disk':
    'the client was replaced on disk; it is started anew once Claude is idle, `channels restart <session>` does it now',
  'client-updated':
    'another version of the client is installed; it is started once nobody has written for a while, `channels restart <session>` does it now',
}
