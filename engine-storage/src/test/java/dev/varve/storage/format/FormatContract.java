// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.vector.Scratch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Memory for a test of formats; what it leaks fails it.
abstract class FormatContract {
  BufferAllocator allocator;
  Scratch scratch;

  @BeforeEach
  final void openMemory() {
    allocator = new RootAllocator();
    scratch = new Scratch(allocator);
  }

  @AfterEach
  final void closeMemory() {
    scratch.close();
    allocator.close();
  }
}
