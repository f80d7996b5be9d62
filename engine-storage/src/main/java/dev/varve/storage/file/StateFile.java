// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A small file that is read whole and replaced whole: one state of something.
///
/// | field    | meaning                                        |
/// |----------|------------------------------------------------|
/// | magic    | four letters                                   |
/// | version  | an int                                         |
/// | state    | whatever its owner writes                      |
/// | checksum | CRC32C of everything before it, an int         |
///
/// A write puts a new file beside the old one, forces it, and moves it into its place, so that a
/// crash leaves the old state or the new one.
public final class StateFile {
  private static final int LEAST_BYTES = 12;

  private final Path directory;
  private final Path file;
  private final String magic;
  private final int version;

  /// @param magic four letters
  public StateFile(Path directory, String name, String magic, int version) {
    this.directory = directory;
    this.file = directory.resolve(name);
    this.magic = magic;
    this.version = version;
  }

  /// The state, behind magic and version; nothing where no state was ever written.
  ///
  /// @throws VarveException CORRUPTED_DATA or UNSUPPORTED_FORMAT_VERSION
  public Optional<FieldReader> read() {
    byte[] bytes;
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw FileErrors.of("read", file, e);
    }
    int end = bytes.length - Integer.BYTES;
    if (bytes.length < LEAST_BYTES) {
      throw FileErrors.corrupt(file, 0, "at least 12 bytes", bytes.length + " bytes");
    }
    int expected = new FieldReader(file, bytes, end, bytes.length).getInt();
    int found = Checksum.of(bytes, 0, end);
    if (expected != found) {
      throw FileErrors.checksum(file, 0, expected, found);
    }
    FieldReader in = new FieldReader(file, bytes, 0, end);
    if (in.getInt() != magicNumber()) {
      throw FileErrors.corrupt(file, 0, magic, "something else");
    }
    int written = in.getInt();
    if (written != version) {
      throw new VarveException(
          ErrorCode.UNSUPPORTED_FORMAT_VERSION,
          file + " is of version " + written + ", this build reads version " + version);
    }
    return Optional.of(in);
  }

  /// A new state, for its owner to go on with.
  public FieldWriter begin() {
    FieldWriter out = new FieldWriter();
    out.putInt(magicNumber());
    out.putInt(version);
    return out;
  }

  /// Replaces the file; durable when this returns, and whole whenever a crash comes.
  ///
  /// @param state from [#begin], with the state behind it
  public void write(FieldWriter state) {
    byte[] body = state.toByteArray();
    state.putInt(Checksum.of(body, 0, body.length));
    Path fresh = directory.resolve(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      try (OutputFile target = OutputFile.create(fresh)) {
        target.write(state.toByteArray());
        target.finish(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw FileErrors.of("write", file, e);
    }
  }

  private int magicNumber() {
    byte[] letters = magic.getBytes(StandardCharsets.US_ASCII);
    return letters[0] | letters[1] << 8 | letters[2] << 16 | letters[3] << 24;
  }
}
