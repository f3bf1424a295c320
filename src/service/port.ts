/** How the keeper is started, whoever starts it. Paths are absolute. */
export type KeeperStart = {
  readonly node: string
  readonly script: string
  readonly environment: Readonly<Record<string, string>>
}

/** One thing to do to the machine; shown before it is done. */
export type Step =
  | {
      readonly do: 'write'
      readonly path: string
      readonly text: string
      /** In place of the text, where that stays only for a moment. */
      readonly inWords?: string
    }
  | { readonly do: 'remove'; readonly path: string }
  | RunStep

export type RunStep = { readonly do: 'run'; readonly words: Words; readonly failing: Failing }

/** A program's name and what it gets. */
export type Words = readonly [string, ...string[]]

/**
 * What it means that a program fails: nothing further is done; it is tried again for a while, and then nothing further
 * is done; it does not matter; or it is said, with what to run by hand, and the rest goes on.
 */
export type Failing =
  | 'ends'
  | 'is tried again'
  | 'is fine'
  | { readonly said: string; readonly byHand: string }

/** When the keeper starts: without anybody, with its user's login, or nobody can tell which. */
export type StartsAt = 'boot' | 'login' | 'unknown'

export type ServiceState = {
  /** `foreign`: a file of that name is there that we did not write. */
  readonly installed: 'no' | 'ours' | 'foreign'
  /** What the file has started; empty where it can't be read out of it. */
  readonly command: readonly string[]
  /** The variables it is started with, likewise. */
  readonly environment: Readonly<Record<string, string>>
  readonly enabled: boolean
  /** In the service manager's own words. */
  readonly activity: string
  readonly active: boolean
  /** Of the keeper it started. */
  readonly pid: number | null
  readonly startsAt: StartsAt
}

/** What starts the keeper at login or boot: systemd's user manager, or launchd. */
export type Service = {
  readonly kind: 'systemd' | 'launchd'
  /** As the service manager calls it. */
  readonly name: string
  readonly file: string
  readonly state: () => Promise<ServiceState>
  /** What it would have started. */
  readonly command: (start: KeeperStart) => readonly string[]
  /** Writes the file and (re)starts the keeper, touching no session. `boot`: also starts it without a login. */
  readonly installing: (start: KeeperStart, state: ServiceState, boot: boolean) => readonly Step[]
  /** Ends the keeper, touching no session, and leaves nothing behind. */
  readonly uninstalling: (start: KeeperStart, state: ServiceState) => readonly Step[]
  /** Throws an ExpectedError where something further makes no sense. What else is to be said is handed back. */
  readonly perform: (step: Step) => Promise<readonly string[]>
  /** Commands that start it, and that show why it does not run. */
  readonly start: string
  readonly logs: string
  /** What has it start at boot, too, by hand; null where nothing does. */
  readonly bootByHand: string | null
}
