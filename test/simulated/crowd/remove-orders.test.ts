import { afterAll, beforeAll, describe, test } from 'vitest'
import { closeMachine, type Machine, makeMachine } from '../faults/kit.ts'
import { befores, expectPutBack, names, orders } from '../faults/plugin-orders.ts'

// Three sessions, removed in every order: the plugin is as it was before the first.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

describe.each(befores)('%s before', (before) => {
  test.each(orders.map((order, index) => ({ order, setups: orders[(index + 4) % orders.length] ?? names })))(
    'set up $setups, removed $order',
    ({ setups, order }) => expectPutBack(home, before, setups, order),
  )
})
