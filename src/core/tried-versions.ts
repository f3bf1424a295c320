/**
 * What was seen to work together when this was released, oldest first: `channels doctor` says where a machine has something
 * newer, `docs/versions.md` shows it. Clients: those of test/real/versions.ts, which a test compares. The tests run on the
 * Node, Bun, tmux and screen named here. Plugins: the official ones whose behaviour is known (field notes, section 3).
 */
export const triedVersions = {
  client: ['2.1.139', '2.1.160', '2.1.197', '2.1.229', '2.1.260', '2.1.300', '2.1.330', '2.1.332'],
  node: ['20.20.2'],
  bun: ['1.4.5'],
  tmux: ['3.3a'],
  screen: ['4.9.0'],
  plugins: { telegram: '0.0.7', discord: '0.0.4', fakechat: '0.0.1' },
} as const

/**
 * Older ones won't do, tried or not. Client: channels exist from there on (field notes, section 1). Node: what our packages
 * need. An older Bun runs the plugins, but without what holds messages back until the client listens (channels/hold.ts).
 */
export const oldestVersions = { client: '2.1.80', node: '20.12', bun: '1.2.15' } as const
