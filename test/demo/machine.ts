import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildStandIns } from '../sim/build.ts'
import { type Home, makeHome } from '../sim/home.ts'

/** Seven digits, so that the table of `status` fits into 80 columns. */
const token = `8000001:AA${'demo'.repeat(8)}0`

/** The folder Claude works in, below HOME as people have it, so that `~/project` is where it says. */
export const projectOf = (home: Home): string => join(home.home, 'project')

/**
 * A home with the stand-ins, where the plugin's marketplace is known and the token lies in ~/bot-token. `tmux` is the
 * absolute path of the one to use. The caller closes it.
 */
export const openMachine = async (tmux: string): Promise<Home> => {
  const home = await makeHome({ ...(await buildStandIns()), server: 'compiled', botApi: { tokens: [token] } })
  try {
    mkdirSync(projectOf(home))
    const tokenFile = join(home.home, 'bot-token')
    writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 })
    chmodSync(tokenFile, 0o600)
    // The home's PATH has the usual folders only.
    if (!home.env.PATH?.split(':').includes(dirname(tmux))) symlinkSync(tmux, join(home.bin, 'tmux'))
    const { code, stdout, stderr } = await home.claude([
      ...['plugin', 'marketplace', 'add', join(home.root, 'market')],
    ])
    if (code !== 0) throw new Error(`the stand-in client took no marketplace: ${stdout}${stderr}`)
    return home
  } catch (error) {
    await home.close()
    throw error
  }
}
