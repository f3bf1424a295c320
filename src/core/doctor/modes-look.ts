import { shellWord } from '../shell-word.ts'
import type { Exposed } from './facts.ts'
import type { Fix } from './fix.ts'
import { failed, type Look, ok } from './result.ts'

type ExposedBy<Is extends Exposed['is']> = Extract<Exposed, { readonly is: Is }>

/** Who else may get at what is ours. What a link leads to, and what is another user's, `--fix` leaves alone. */
export const lookAtModes = (exposed: readonly Exposed[]): Look => {
  const open = exposed.filter((each) => each.is === 'open')
  const elsewhere = exposed.filter((each) => each.is === 'elsewhere')
  const foreign = exposed.filter((each) => each.is === 'foreign')
  if (exposed.length === 0) return ok('nobody else of this machine can get at them')
  return failed(
    [...sayOpen(open), ...sayElsewhere(elsewhere), ...sayForeign(foreign)].join('; '),
    [
      ...(foreign.length === 0 ? [] : [`${chown(foreign)} makes it yours; then look again.`]),
      ...closeThere(elsewhere),
      ...(open.length === 0 ? [] : ['`channels doctor --fix` closes what is in our folders.']),
    ].join(' '),
    open.map(({ path, wanted }): Fix => ({ do: 'close-mode', path, mode: wanted })),
  )
}

const sayOpen = ([first, ...more]: readonly ExposedBy<'open'>[]): readonly string[] =>
  first === undefined
    ? []
    : [
        `${first.path} has mode ${first.mode.toString(8)}${andMore(more)}: others of this machine can get at ${more.length === 0 ? 'it' : 'them'}`,
      ]

const sayElsewhere = ([first, ...more]: readonly ExposedBy<'elsewhere'>[]): readonly string[] =>
  first === undefined
    ? []
    : [
        `${first.path} is a link to ${first.target}, where others can get at it (mode ${first.mode.toString(8)})${andMore(more)}`,
      ]

const sayForeign = ([first, ...more]: readonly ExposedBy<'foreign'>[]): readonly string[] =>
  first === undefined
    ? []
    : [`${first.path} belongs to another user${andMore(more)}: its mode is not yours to change`]

const andMore = ({ length }: readonly Exposed[]): string => (length === 0 ? '' : `, and ${length} more`)

/** By the folder that is ours where it is about several: one command, however many files. */
const chown = (foreign: readonly ExposedBy<'foreign'>[]): string => {
  const paths = foreign.map(({ path, root }, _, { length }) => (length === 1 ? path : root))
  return `\`sudo chown -R "$(id -un)" ${[...new Set(paths)].map(shellWord).join(' ')}\``
}

/** What is another user's may be shared by many: it is neither taken from them, nor closed to them. */
const closeThere = (elsewhere: readonly ExposedBy<'elsewhere'>[]): readonly string[] => {
  const own = elsewhere.filter((each) => each.own)
  const commands = own.map(({ target, wanted }) => `chmod ${wanted.toString(8)} ${shellWord(target)}`)
  return [
    ...(own.length === 0 ? [] : [`\`${commands.join(' && ')}\` closes what is linked.`]),
    ...elsewhere
      .filter((each) => !each.own)
      .map(({ path, target }) => `${target} is another user’s: lead ${path} to a place that is yours alone.`),
  ]
}
