// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InputFileTest {
  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void writeAFile() throws IOException {
    path = directory.resolve("bytes");
    Files.write(path, new byte[] {1, 2, 3, 4, 5});
  }

  private static byte[] read(InputFile file, long offset, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(count);
      file.read(offset, into);
      return into.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  @Test
  void anInterruptedReaderDoesNotCloseTheFileForOthers() {
    try (InputFile file = new InputFile(path)) {
      assertThat(read(file, 1, 3)).containsExactly(2, 3, 4);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> read(file, 0, 5))
          .isInstanceOfSatisfying(
              VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(read(file, 0, 5)).containsExactly(1, 2, 3, 4, 5);
    }
  }

  @Test
  void readingBehindTheEndNamesTheFileAndTheByte() {
    try (InputFile file = new InputFile(path)) {
      assertThatThrownBy(() -> read(file, 3, 4))
          .isInstanceOf(VarveException.class)
          .hasMessageContaining(
              path + " is corrupt at byte 3: expected 4 bytes, found the end of the file after 2");
    }
  }

  @Test
  void aClosedFileStaysClosed() {
    InputFile file = new InputFile(path);
    file.close();
    assertThatThrownBy(() -> read(file, 0, 1))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("cannot read " + path);
  }
}
