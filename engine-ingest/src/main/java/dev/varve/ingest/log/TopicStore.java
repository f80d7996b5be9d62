// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// The directory of all topics: one folder for each, named by the topic's id, with a file `topic`
/// that says what it is and one folder for each partition. Used by one thread at a time.
///
/// A topic is there once its folder has its final name, and gone once it has lost it.
public final class TopicStore {
  private static final String UNFINISHED = ".new";
  private static final String DELETED = ".deleted";
  private static final int MAGIC = 0x56545031;

  private final Path directory;

  public TopicStore(Path directory) throws IOException {
    this.directory = directory;
    DurableFiles.createDirectory(directory);
  }

  /// All topics; leftovers of a crash are cleared away.
  public List<Topic> load() throws IOException {
    List<Path> folders;
    try (Stream<Path> listing = Files.list(directory)) {
      folders = listing.filter(Files::isDirectory).sorted().toList();
    }
    List<Topic> topics = new ArrayList<>();
    for (Path folder : folders) {
      String name = folder.getFileName().toString();
      if (name.endsWith(UNFINISHED) || name.endsWith(DELETED)) {
        DurableFiles.deleteTree(folder);
      } else {
        topics.add(read(folder.resolve("topic")));
      }
    }
    return topics;
  }

  public void create(Topic topic) throws IOException {
    Path unfinished = directory.resolve(topic.id() + UNFINISHED);
    Files.createDirectories(unfinished);
    for (int partition = 0; partition < topic.partitions(); partition++) {
      Files.createDirectories(unfinished.resolve(Integer.toString(partition)));
    }
    DurableFiles.replace(unfinished.resolve("topic"), bytes(topic));
    Files.move(unfinished, folder(topic), StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.forceDirectory(directory);
  }

  /// Whether there are files of a topic.
  public boolean has(Topic topic) {
    return Files.exists(folder(topic).resolve("topic"));
  }

  /// Writes anew what the topic is: its name, its settings, how many partitions it has.
  public void update(Topic topic) throws IOException {
    for (int partition = 0; partition < topic.partitions(); partition++) {
      DurableFiles.createDirectory(partition(topic, partition));
    }
    DurableFiles.replace(folder(topic).resolve("topic"), bytes(topic));
  }

  /// The caller has closed the topic's partitions.
  public void delete(Topic topic) throws IOException {
    Path deleted = directory.resolve(topic.id() + DELETED);
    Files.move(folder(topic), deleted, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.forceDirectory(directory);
    DurableFiles.deleteTree(deleted);
  }

  public Path partition(Topic topic, int partition) {
    return folder(topic).resolve(Integer.toString(partition));
  }

  private Path folder(Topic topic) {
    return directory.resolve(topic.id().toString());
  }

  private static byte[] bytes(Topic topic) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    out.writeLong(topic.id().getMostSignificantBits());
    out.writeLong(topic.id().getLeastSignificantBits());
    out.writeUTF(topic.name());
    out.writeInt(topic.partitions());
    out.writeUTF(topic.table());
    out.writeInt(topic.config().size());
    for (Map.Entry<String, String> setting : topic.config().entrySet()) {
      out.writeUTF(setting.getKey());
      out.writeUTF(setting.getValue());
    }
    out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    return bytes.toByteArray();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  static Topic read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int body = bytes.length - Integer.BYTES;
    boolean whole =
        body > Integer.BYTES
            && ByteBuffer.wrap(bytes).getInt(body) == checksum(bytes, body)
            && ByteBuffer.wrap(bytes).getInt() == MAGIC;
    if (!whole) {
      throw new VarveException(
          ErrorCode.CORRUPTED_DATA,
          file + " is damaged: its checksum does not match; restore it from a backup");
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 4, body - 4));
    UUID id = new UUID(in.readLong(), in.readLong());
    String name = in.readUTF();
    int partitions = in.readInt();
    String table = in.readUTF();
    Map<String, String> config = new HashMap<>();
    for (int i = in.readInt(); i > 0; i--) {
      config.put(in.readUTF(), in.readUTF());
    }
    return new Topic(id, name, partitions, table, config);
  }
}
