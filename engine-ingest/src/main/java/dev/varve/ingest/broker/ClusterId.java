// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.UUID;

/// The id by which clients know that they still talk to the same data. Made with the directory.
final class ClusterId {
  private ClusterId() {}

  static String of(Path directory) throws IOException {
    Path file = directory.resolve("cluster-id");
    if (!Files.exists(file)) {
      UUID id = UUID.randomUUID();
      byte[] bytes =
          ByteBuffer.allocate(16)
              .putLong(id.getMostSignificantBits())
              .putLong(id.getLeastSignificantBits())
              .array();
      Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
    return Files.readString(file).strip();
  }
}
