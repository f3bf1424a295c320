import { join } from 'node:path'
import type { Home } from '../sim/home.ts'

/** A file of our state of the session called work. */
export const stateFile = (home: Home, name: string): string => join(home.state, 'sessions', 'work', name)
