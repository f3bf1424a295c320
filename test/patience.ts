/**
 * How many times longer than on a quiet machine a test waits for what has to come. Where CI decides, the machine may do
 * other things too: a start that takes half a second here was seen to take three there. Limits that are what a test is
 * about never go by it: they are read from journals, or asserted where one test runs at a time (test/real, test/bench).
 */
export const patience = process.env.CI === undefined ? 1 : 4

/** Of a test that takes longer than the others of its project: the limit, in ms on a quiet machine. */
export const within = (ms: number): { readonly timeout: number } => ({ timeout: ms * patience })

/** A limit that is what the test is about, handed to `until`: as it is, also where others are multiplied. */
export const exactly = (ms: number): number => ms / patience
