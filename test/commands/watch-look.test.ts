import { expect, test, vi } from 'vitest'
import { emptySettings } from '../../src/core/settings.ts'
import { exitStatus } from '../../src/errors.ts'
import { platform, session, withChannel } from '../core/evidence-builder.ts'
import { both, broken, dead, other, time, watch } from './watching.ts'

test('what is wrong from the start is refused, as by `status`', async () => {
  await expect(watch([{ settings: broken }], 'lines')).rejects.toBe(broken)
  await expect(watch([{}], 'lines', {}, ['nobody'])).rejects.toMatchObject({
    status: exitStatus.unknownSession,
  })
  await expect(watch([{ settings: emptySettings }], 'json')).rejects.toMatchObject({ status: 3 })
})

test('a configuration that breaks meanwhile is said once, and the sessions are watched all the same', async () => {
  const { printed } = await watch(
    [{}, { settings: broken }, { settings: broken, seen: dead }, { seen: dead }],
    'lines',
  )
  expect(printed.slice(2)).toEqual([
    `${time(1)} config.json is not valid. Mend it.`,
    expect.stringMatching(`^${time(2)} work live -> recovering`),
    `${time(3)} No longer so: config.json is not valid.`,
  ])
})

test('a session that is removed meanwhile is said to be, one that is set up is watched', async () => {
  const alone = { ...emptySettings, sessions: { other } }
  const third = { ...both, sessions: { ...both.sessions, third: { ...session, name: 'third' } } }
  const { printed } = await watch(
    [{}, { settings: alone }, { settings: third }, { settings: emptySettings }],
    'lines',
  )
  expect(printed.slice(2).map((line) => line.replace(/ `channels .*/, ''))).toEqual([
    `${time(1)} work live -> removed`,
    `${time(2)} work new -> live`,
    `${time(2)} third new -> live`,
    `${time(3)} No session is set up.`,
    `${time(3)} work live -> removed`,
    `${time(3)} other live -> removed`,
    `${time(3)} third live -> removed`,
  ])
})

test('of sessions that are named, those that are left are watched on', async () => {
  const alone = { ...emptySettings, sessions: { other } }
  const { printed } = await watch([{}, { settings: alone }, {}], 'lines', {}, ['other', 'work', 'other'])
  expect(printed).toEqual([
    expect.stringMatching(/^other is live/),
    expect.stringMatching(/^work is live/),
    expect.stringMatching(`^${time(1)} No session named \`work\`\\.`),
    `${time(1)} work live -> removed`,
    `${time(2)} No longer so: No session named \`work\`.`,
    `${time(2)} work new -> live`,
  ])
})

test('without a keeper the platform is asked once a minute, not at each look', async () => {
  const { trouble: _, ...answer } = platform()
  const seen = withChannel({ platform: null }, { keeper: null })
  const probe = vi.fn(async () => ({ [session.channels[0]?.id ?? '']: answer }))
  const { printed } = await watch(
    Array.from({ length: 125 }, () => ({ seen })),
    'lines',
    { probe },
    ['work'],
  )
  expect(printed).toEqual([expect.stringMatching(/^work is live: /)])
  expect(probe).toHaveBeenCalledTimes(3)
})
