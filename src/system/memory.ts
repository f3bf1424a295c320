import { getHeapStatistics } from 'node:v8'

/** A collection of this little takes 4 ms. */
const mostGarbageBytes = 2 * 1024 * 1024

/**
 * Keeps a process that runs for months small: V8 lets 8 MiB of garbage lie before it collects all, however small the heap
 * (11.3, also with `--optimize-for-size`). The answer is to be called now and then, and collects once that much has gathered;
 * nothing where Node was started without `--expose-gc`.
 */
export const createTidying = (
  collect: (() => void) | undefined = globalThis.gc,
  usedBytes: () => number = () => getHeapStatistics().used_heap_size,
): (() => void) => {
  if (collect === undefined) return () => undefined
  let leastBytes = 0
  return () => {
    const used = usedBytes()
    if (used < leastBytes + mostGarbageBytes) {
      leastBytes = Math.min(leastBytes, used)
      return
    }
    collect()
    leastBytes = usedBytes()
  }
}
