/** `10:03:12`, by the clock of this machine. */
export const timeOfDay = (at: number): string => new Date(at).toTimeString().slice(0, 8)
