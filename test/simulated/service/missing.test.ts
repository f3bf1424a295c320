import { expect, test } from 'vitest'
import { type Played, playManager } from './played.ts'

type Machine = Parameters<typeof playManager>[1]

const orders = [
  { do: 'install', yes: true, boot: true },
  { do: 'uninstall', yes: true },
  { do: 'status', json: false },
] as const

const withPlayed = async (
  kind: 'systemd' | 'launchd',
  machine: Machine,
  use: (played: Played) => Promise<void>,
): Promise<void> => {
  const played = playManager(kind, machine)
  try {
    await use(played)
  } finally {
    played.close()
  }
}

/** Whatever is asked for, it ends with 69 and these words. */
const refuses = async (played: Played, message: string, hint: string): Promise<void> => {
  for (const order of orders) {
    const { status, error } = await played.service(order)
    expect(status).toBe(69)
    expect(error?.message).toContain(message)
    expect(error?.hint).toContain(hint)
  }
  expect(played.told()).toEqual([])
}

const noBus = 'Failed to connect to bus: No such file or directory\n'
const only =
  (...there: readonly string[]) =>
  (path: string): boolean =>
    there.includes(path)

test('no systemctl, as on Alpine', () =>
  withPlayed('launchd', {}, async (played) => {
    const { openSystemd } = await import('../../../src/service/systemd.ts')
    const { run } = await import('../../../src/system/run.ts')
    const { files } = await import('../../../src/system/files.ts')
    const clock = { elapsed: () => 0, sleep: async () => undefined }
    const user = { uid: 1000, name: 'me' }
    const env = { PATH: played.path('bin') }
    const open = (more: Readonly<Record<string, string>>) =>
      openSystemd({
        run,
        files,
        clock,
        user,
        home: '/home/me',
        env: { ...env, ...more },
        manual: '/docs/running.md',
      })
    await expect(open({})).rejects.toMatchObject({
      status: 69,
      message: expect.stringContaining('no `systemctl` in PATH'),
      hint: expect.stringContaining('see /docs/running.md.'),
    })
    await expect(open({ WSL_DISTRO_NAME: 'Debian' })).rejects.toMatchObject({
      status: 69,
      hint: expect.stringContaining('/etc/wsl.conf'),
    })
  }))

test.each([
  ['a container', {}, only(), 'systemd does not run this machine'],
  ['WSL without systemd', { WSL_DISTRO_NAME: 'Ubuntu' }, only(), '`systemd=true` below `[boot]`'],
  ['su', {}, only('/run/systemd/system'), '`sudo loginctl enable-linger me` starts a manager for good'],
  [
    'a manager that ended',
    {},
    only('/run/systemd/system', '/run/user/1000'),
    '`systemctl status user@1000.service` shows what became of it',
  ],
])('no manager answers: %s', async (_, env, exists, hint) =>
  withPlayed('systemd', { env, exists }, async (played) => {
    played.put('fails/UnitPath', noBus)
    await refuses(
      played,
      'No systemd manager for your user answers: `systemctl --user show --property=UnitPath` ended with 1 (Failed to connect to bus: No such file or directory).',
      hint,
    )
  }),
)

test("where nobody says where the manager's sockets are, it is where logind makes them", () =>
  withPlayed('systemd', { env: { XDG_RUNTIME_DIR: '' }, exists: only('/run/user/1000') }, async (played) => {
    const { status } = await played.service({ do: 'status', json: false })
    expect(status).toBe(3)
    expect(played.runtimeFolders()).toEqual(['/run/user/1000'])
  }))

test('with sudo it would be the unit of another user: refused', () =>
  withPlayed('systemd', {}, async (played) => {
    played.put('environment', 'HOME=/root\n')
    const { status, error } = await played.service({ do: 'install', yes: true, boot: true })
    expect(status).toBe(1)
    expect(error?.message).toContain('and /root for the systemd manager of me')
    expect(error?.hint).toContain('without sudo')
    expect(played.told()).toEqual([])
  }))

test('a Mac at whose screen nobody is logged in', () =>
  withPlayed('launchd', {}, async (played) => {
    played.put('fails/print gui', 'Bad request.\nCould not find domain for user gui: 1000\n')
    await refuses(played, "no login of yours at this Mac's screen", 'the client needs the Keychain')
  }))
