import type { SessionReport } from '../core/report.ts'

/** `2.1.330 idle`, and what is started next where that is another: `2.1.330 idle, 2.1.331 installed`. */
export const clientCell = ({
  version,
  activity,
  installed,
}: NonNullable<SessionReport['client']>): string => {
  const next =
    version === null || installed === null || installed === version ? '' : `, ${installed} installed`
  return `${version ?? 'claude'} ${activity}${next}`
}
