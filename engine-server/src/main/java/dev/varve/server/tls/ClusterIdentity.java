// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.tls;

import dev.varve.cluster.coordination.Encryption;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Makes of a server's certificate what it shows the other servers of its cluster.
public final class ClusterIdentity {
  private ClusterIdentity() {}

  /// Certificate and key are written to `DATA/cluster-identity.pem`, which only the server's own
  /// user may read, as ZooKeeper takes them from a file only, and without a password.
  ///
  /// @param authorities PEM of who signs for the servers of the cluster
  /// @throws VarveException BAD_ARGUMENTS, naming the file and what is wrong with it; IO_ERROR
  public static Encryption of(CertificateFiles files, Path authorities, Path data) {
    TlsContexts.PlainPem pem = TlsContexts.plainPem(files);
    Path identity = data.resolve("cluster-identity.pem");
    try {
      Files.createDirectories(data);
      Files.deleteIfExists(identity); // it might have other rights
      try (WritableByteChannel channel =
          Files.newByteChannel(
              identity,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        Channels.newOutputStream(channel)
            .write((pem.key() + pem.chain()).getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException failed) {
      throw new VarveException(ErrorCode.IO_ERROR, identity + ": " + failed, failed);
    }
    return new Encryption(identity, authorities, TlsContexts.mutual(files, authorities));
  }
}
