// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Asks the kernel to back memory with huge pages, where there is a kernel that can be asked.
///
/// A table of some MiB is visited at random, and with pages of 4 KiB nearly each visit also waits
/// for the page's address. It is advice: what comes of it is the kernel's business.
final class HugePages {
  /// Less than this holds too few huge pages.
  static final long LEAST_BYTES = 4 << 20;

  private static final long PAGE = 4096;
  // MADV_HUGEPAGE of Linux.
  private static final int ADVICE = 14;
  private static final Optional<MethodHandle> ADVISE = find();

  private HugePages() {}

  private static Optional<MethodHandle> find() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("madvise")
        .map(function ->
            linker.downcallHandle(
                function, FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT)));
  }

  /// @param address of memory that was not touched yet
  /// @param bytes at least [#LEAST_BYTES]
  static void advise(long address, long bytes) {
    if (ADVISE.isEmpty()) {
      return;
    }
    long from = address + PAGE - 1 & -PAGE;
    long size = (address + bytes & -PAGE) - from;
    try {
      // A kernel without huge pages says so by the result, which changes nothing here.
      int _ = (int) ADVISE.get().invokeExact(from, size, ADVICE);
    } catch (Throwable e) {
      throw new IllegalStateException("madvise could not be called", e);
    }
  }
}
