// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.server.config.TlsConfig;
import dev.varve.server.tls.CertificateFiles;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options that say by which certificate a server encrypts. With one it opens encrypted ports
/// beside the plain ones.
final class TlsOptions {
  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "the server's certificate in PEM, those that sign for it behind it")
  Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "the certificate's private key in PEM (PKCS#8)")
  Path key;

  @Option(
      names = "--tls-keystore",
      paramLabel = "FILE",
      description = "certificate and key in PKCS#12, in place of the two files")
  Path keystore;

  @Option(
      names = "--tls-password-file",
      paramLabel = "FILE",
      description = "a file whose first line is the password of the keystore or the key")
  Path password;

  @Option(
      names = "--kafka-tls-port",
      paramLabel = "PORT",
      description =
          "encrypted port of the log, where there is a certificate; 0 takes a free one"
              + " (default: ${DEFAULT-VALUE})")
  int kafkaPort = TlsConfig.DEFAULT_KAFKA_PORT;

  @Option(
      names = "--https-port",
      paramLabel = "PORT",
      description =
          "encrypted port of HTTP, where there is a certificate; 0 takes a free one"
              + " (default: ${DEFAULT-VALUE})")
  int httpPort = TlsConfig.DEFAULT_HTTP_PORT;

  @Option(names = "--tls-only", description = "open no port that is not encrypted")
  boolean only;

  @Option(
      names = "--cluster-ca",
      paramLabel = "FILE",
      description =
          "certificates, in PEM, of who signs for the servers of the cluster: with it all that they"
              + " say to each other is encrypted, and each proves by its certificate who it is")
  Path clusterAuthorities;

  /// Null where nothing is to be encrypted.
  TlsConfig config() {
    if (certificate == null && key == null && keystore == null) {
      if (only) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "--tls-only needs a certificate: --tls-cert and --tls-key, or --tls-keystore");
      }
      if (clusterAuthorities != null) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "--cluster-ca needs a certificate: --tls-cert and --tls-key, or --tls-keystore");
      }
      return null;
    }
    return new TlsConfig(
        files(), kafkaPort, httpPort, only, Optional.ofNullable(clusterAuthorities));
  }

  private CertificateFiles files() {
    boolean isPem = certificate != null && key != null && keystore == null;
    boolean isKeystore = certificate == null && key == null;
    if (!isPem && !isKeystore) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "TLS needs either --tls-cert and --tls-key, or --tls-keystore alone");
    }
    Optional<Path> secret = Optional.ofNullable(password);
    return isPem
        ? new CertificateFiles.Pem(certificate, key, secret)
        : new CertificateFiles.Keystore(keystore, secret);
  }
}
