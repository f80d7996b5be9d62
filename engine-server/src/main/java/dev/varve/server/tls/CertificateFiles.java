// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.tls;

import java.nio.file.Path;
import java.util.Optional;

/// Where a server's certificate and its private key are kept.
public sealed interface CertificateFiles {
  /// A file with the password, of which the first line counts.
  Optional<Path> password();

  /// PEM, as authorities hand them out.
  ///
  /// @param certificate the server's own first, then those that sign for it
  /// @param key PKCS#8; with a password it is encrypted by that
  record Pem(Path certificate, Path key, Optional<Path> password) implements CertificateFiles {}

  /// A PKCS#12 keystore with one private key.
  record Keystore(Path file, Optional<Path> password) implements CertificateFiles {}
}
