// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.StagedDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// The directory of parts, as servers of a cluster hand files of it to each other. A name is that
/// of a part, of a file in a part, or of a file of deleted rows; nothing else is handed out. Safe
/// for threads.
public final class ReplicaFiles {
  private static final Pattern PART = Pattern.compile("part-\\d{1,18}");
  private static final Pattern FILE =
      Pattern.compile("part-\\d{1,18}(/[A-Za-z0-9_%+-][A-Za-z0-9._%+-]*|\\.deleted-\\d{1,9})");
  private static final int TRIES = 5;
  private static final int CHUNK_BYTES = 1 << 20;

  private final Path parts;

  /// @param parts where the engine has its parts
  public ReplicaFiles(Path parts) {
    this.parts = parts;
  }

  /// A file of another server.
  ///
  /// @param checksum CRC32C of its bytes
  record Listed(String name, long bytes, int checksum) {
    String line() {
      return name + " " + bytes + " " + Checksum.text(checksum);
    }

    static Listed parse(String line) {
      String[] fields = line.split(" ");
      return new Listed(
          fields[0], Long.parseLong(fields[1]), Integer.parseUnsignedInt(fields[2], 16));
    }
  }

  /// Asks another server for bytes.
  interface Source {
    /// The answer to a request, or an error.
    String text(String path) throws IOException;

    /// Bytes of a file from an offset on; less than all of them if the connection breaks.
    void bytes(String path, FileChannel into) throws IOException;
  }

  /// The files of a part, or the one file that the name is, a line each: name, bytes, checksum.
  ///
  /// @throws VarveException FILE_DOESNT_EXIST, BAD_ARGUMENTS for another name
  public String list(String name) {
    StringBuilder lines = new StringBuilder();
    try {
      if (PART.matcher(name).matches()) {
        try (Stream<Path> files = Files.list(parts.resolve(name))) {
          for (Path file : files.sorted().toList()) {
            lines.append(listed(name + "/" + file.getFileName(), file).line()).append('\n');
          }
        }
      } else {
        lines.append(listed(name, file(name)).line()).append('\n');
      }
      return lines.toString();
    } catch (IOException gone) {
      throw missing(name, gone);
    }
  }

  private static Listed listed(String name, Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      CRC32C crc = new CRC32C();
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
      while (in.read(buffer) >= 0) {
        crc.update(buffer.flip());
        buffer.clear();
      }
      return new Listed(name, in.position(), (int) crc.getValue());
    }
  }

  /// A file to be handed out.
  ///
  /// @throws VarveException FILE_DOESNT_EXIST, BAD_ARGUMENTS
  public Path file(String name) {
    if (!FILE.matcher(name).matches()) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, "\"" + name + "\" names no file of a part");
    }
    Path file = parts.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw missing(name, null);
    }
    return file;
  }

  private static VarveException missing(String name, IOException cause) {
    return new VarveException(
        ErrorCode.FILE_DOESNT_EXIST, "this server has no " + name + " any more", cause);
  }

  /// Brings a part or a file of deleted rows here, unless it is here just so. Durable when it
  /// returns.
  ///
  /// @throws IOException if the other server has it no more or cannot be reached
  void fetch(String name, Source source) throws IOException {
    List<Listed> wanted = new ArrayList<>();
    source.text("/replica/list?name=" + name).lines().map(Listed::parse).forEach(wanted::add);
    if (isHere(name, wanted)) {
      return;
    }
    if (!PART.matcher(name).matches()) {
      fetchFile(wanted.getFirst(), parts.resolve(name + ".fetched"), source);
      Files.move(
          parts.resolve(name + ".fetched"), parts.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      StagedDirectory.force(parts);
      return;
    }
    Path target = parts.resolve(name);
    try (StagedDirectory staged = StagedDirectory.create(target)) {
      for (Listed file : wanted) {
        String own = file.name().substring(name.length() + 1);
        fetchFile(file, staged.path().resolve(own), source);
      }
      StagedDirectory.delete(target);
      staged.publish(true);
    }
  }

  /// Removes a part or a file of deleted rows that no catalog will name.
  void delete(String name) {
    Path gone = parts.resolve(name);
    try {
      StagedDirectory.delete(gone);
      Files.deleteIfExists(gone);
    } catch (IOException failed) {
      throw FileErrors.of("delete", gone, failed);
    }
  }

  private boolean isHere(String name, List<Listed> wanted) throws IOException {
    try {
      List<Listed> here = list(name).lines().map(Listed::parse).toList();
      return here.equals(wanted);
    } catch (VarveException missing) {
      if (missing.code() == ErrorCode.FILE_DOESNT_EXIST) {
        return false;
      }
      throw missing;
    }
  }

  /// Goes on where a broken connection left off.
  private static void fetchFile(Listed file, Path to, Source source) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            to,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (int i = 0; out.size() < file.bytes(); i++) {
        try {
          source.bytes("/replica/file?name=" + file.name() + "&from=" + out.size(), out);
        } catch (IOException broken) {
          if (i == TRIES) {
            throw broken;
          }
        }
      }
      out.force(true);
    }
    Listed got = listed(file.name(), to);
    if (!got.equals(file)) {
      throw FileErrors.checksum(to, 0, file.checksum(), got.checksum());
    }
  }
}
