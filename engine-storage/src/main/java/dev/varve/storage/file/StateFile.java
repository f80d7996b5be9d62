// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
/// It is a file of a directory as a rule, see [StatePlace].
public final class StateFile {
  private static final int LEAST_BYTES = 12;

  private final StatePlace place;
  private final String name;
  private final Path file;
  private final String magic;
  private final int version;

  /// @param magic four letters
  public StateFile(Path directory, String name, String magic, int version) {
    this(StatePlace.in(directory), name, magic, version);
  }

  /// The same in another place.
  public StateFile(StatePlace place, String name, String magic, int version) {
    this.place = place;
    this.name = name;
    this.file = place.shown(name);
    this.magic = magic;
    this.version = version;
  }

  /// The state, behind magic and version; nothing where no state was ever written.
  ///
  /// @throws VarveException CORRUPTED_DATA or UNSUPPORTED_FORMAT_VERSION
  public Optional<FieldReader> read() {
    Optional<byte[]> kept = place.read(name);
    return kept.isEmpty() ? Optional.empty() : Optional.of(checked(kept.get()));
  }

  private FieldReader checked(byte[] bytes) {
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
    return in;
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
    place.write(name, state.toByteArray());
  }

  private int magicNumber() {
    byte[] letters = magic.getBytes(StandardCharsets.US_ASCII);
    return letters[0] | letters[1] << 8 | letters[2] << 16 | letters[3] << 24;
  }
}
