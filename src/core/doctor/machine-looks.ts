import { judgeKeeper } from '../at-work.ts'
import type { CheckName, checks } from './checks.ts'
import type { MachineFacts } from './facts.ts'
import { lookAtModes } from './modes-look.ts'
import { failed, type Look, ok, skipped, warning } from './result.ts'

export type MachineCheck = {
  [Name in CheckName]: (typeof checks)[Name]['of'] extends 'machine' ? Name : never
}[CheckName]

const mebibyte = 1024 * 1024
/** A journal is 10 MiB when full; transcripts grow by as much in a day. */
const scarceBytes = 1024 * mebibyte
const fullBytes = mebibyte

const showDisks = '`df -h` shows the disks'

/** What each check of the machine amounts to. */
export const machineLooks: Readonly<Record<MachineCheck, (facts: MachineFacts, now: number) => Look>> = {
  configuration: ({ configFile, configFault, sessions }) =>
    configFault === null
      ? ok(`${configFile}, ${sessions === 1 ? '1 session' : `${sessions} sessions`}`)
      : failed(configFault.found, configFault.remedy),
  modes: ({ exposed, configFault }) =>
    exposed.length === 0 && configFault !== null
      ? ok('nobody else can get at what is ours; which folders the bots have is not known')
      : lookAtModes(exposed),
  disk: ({ disks }) => {
    const [least] = disks.toSorted((a, b) => a.freeBytes - b.freeBytes)
    if (least === undefined) return skipped('the system does not say how much room there is')
    const found = `${room(least.freeBytes)} free for ${least.path}`
    if (least.freeBytes < fullBytes)
      return failed(found, `Make room (${showDisks}): without it nothing can be written down.`)
    return least.freeBytes < scarceBytes
      ? warning(found, `Make room before it is full: ${showDisks}.`)
      : ok(found)
  },
  keeper: ({ keeper, keeperFault, wanted, version, allUp, service }, now) => {
    if (keeperFault !== null) return failed(keeperFault.found, keeperFault.remedy)
    if (keeper === null && !wanted) return ok('none is at work, and no session is wanted')
    const { lost, sentence } = judgeKeeper(keeper, now)
    if (keeper === null)
      return warning(
        'no keeper is at work: deaf channels do not heal',
        '`channels up` starts one.',
        // One that brought sessions back would do more than it says.
        allUp && service.is !== 'installed' ? [{ do: 'start-keeper' }] : [],
      )
    if (lost) return warning(sentence, '`channels up` starts another once this one is gone.')
    const { keeper: record } = keeper
    return record.version === version
      ? ok(`pid ${record.pid}, version ${record.version}`)
      : warning(
          `the keeper (pid ${record.pid}) is still of ${record.version}, and this is ${version}`,
          `\`kill ${record.pid} && channels up\` starts the new one; no session is touched.`,
        )
  },
  service: ({ service }) => {
    if (service.is === 'none') return skipped(service.detail)
    if (service.is === 'not installed')
      return ok(
        'nothing is installed: after a reboot `channels up` has to be run (`channels service install`)',
      )
    const [first] = service.problems
    if (first !== undefined) return warning(first.problem, first.remedy)
    return ok(
      {
        boot: 'it starts at boot',
        login: 'it starts when you log in',
        unknown: 'it starts when you log in; whether at boot could not be told',
      }[service.startsAt],
    )
  },
  shell: ({ exported }) =>
    exported.length === 0
      ? ok('no bot’s token is exported here')
      : warning(
          `${exported.join(', ')} exported here: a \`claude\` started by hand in this shell would poll with it; sessions of \`channels\` never get it`,
          `\`unset ${exported.join(' ')}\`, and take it out of your shell’s start-up file.`,
        ),
}

const room = (bytes: number): string =>
  bytes >= 10 * 1024 * mebibyte
    ? `${Math.floor(bytes / (1024 * mebibyte))} GiB`
    : `${Math.floor(bytes / mebibyte)} MiB`
