// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import dev.varve.cluster.partlog.ChangeRecord;
import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.StateFile;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.ChangeCodec;
import dev.varve.storage.table.DeletedRowsFile;
import dev.varve.storage.table.ReplicaPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Changes that were offered and not applied yet, a file each:
/// `DATA/cluster/change-<version>-<hash>`. Several may have one number, as primaries fail; the head
/// says which holds. Not safe for threads.
final class KeptChanges {
  private static final String MAGIC = "VCHG";
  private static final int VERSION = 1;

  private final Path directory;
  private final Map<ReplicaPosition, ChangeRecord> kept = new HashMap<>();

  private KeptChanges(Path directory) {
    this.directory = directory;
  }

  /// Reads what was kept before.
  ///
  /// @throws dev.varve.storage.error.VarveException CORRUPTED_DATA, CHECKSUM_DOESNT_MATCH, IO_ERROR
  static KeptChanges open(Path directory) {
    KeptChanges changes = new KeptChanges(directory);
    try {
      Files.createDirectories(directory);
      for (String name : names(directory)) {
        if (name.matches("change-\\d+-[0-9a-f]+")) {
          Optional<FieldReader> in = new StateFile(directory, name, MAGIC, VERSION).read();
          ChangeRecord record = ChangeRecord.decode(in.orElseThrow().getBytes());
          changes.kept.put(record.position(), record);
        }
      }
      return changes;
    } catch (IOException failed) {
      throw FileErrors.of("read", directory, failed);
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static String name(ReplicaPosition position) {
    return "change-" + position.version() + "-" + Long.toHexString(position.hash());
  }

  /// Durable when it returns.
  void keep(ChangeRecord record) {
    ReplicaPosition position = record.position();
    if (!kept.containsKey(position)) {
      StateFile file = new StateFile(directory, name(position), MAGIC, VERSION);
      FieldWriter out = file.begin();
      out.putBytes(record.encode());
      file.write(out);
      kept.put(position, record);
    }
  }

  Optional<ChangeRecord> find(ReplicaPosition position) {
    return Optional.ofNullable(kept.get(position));
  }

  /// Forgets changes that can hold no more. A crash leaves files, which the next call removes.
  ///
  /// @return what only they named of the directory of parts
  Set<String> forgetUpTo(long version) {
    Set<String> before = names();
    for (ReplicaPosition position : List.copyOf(kept.keySet())) {
      if (position.version() <= version) {
        kept.remove(position);
        try {
          Files.deleteIfExists(directory.resolve(name(position)));
        } catch (IOException failed) {
          throw FileErrors.of("delete", directory.resolve(name(position)), failed);
        }
      }
    }
    before.removeAll(names());
    return before;
  }

  /// Parts and files of deleted rows that the kept changes name.
  Set<String> names() {
    Set<String> names = new HashSet<>();
    for (ChangeRecord record : kept.values()) {
      for (Operation operation : change(record).operations()) {
        name(operation).ifPresent(names::add);
      }
    }
    return names;
  }

  static CatalogChange change(ChangeRecord record) {
    return ChangeCodec.decode(ByteBuffer.wrap(record.change()));
  }

  /// What an operation needs in the directory of parts.
  static Optional<String> name(Operation operation) {
    return switch (operation) {
      case Operation.AddPart(PartInfo part) -> Optional.of(part.name());
      case Operation.PutDeletes(long _, long part, int number, long _) ->
          Optional.of(DeletedRowsFile.name(part, number));
      default -> Optional.empty();
    };
  }
}
