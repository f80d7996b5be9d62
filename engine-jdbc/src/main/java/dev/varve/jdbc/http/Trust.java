// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Whose signature under a server's certificate is believed: those of the JVM, of a PEM file, or of
/// a trust store. A certificate is always checked, and its name is compared with the host's.
public final class Trust {
  private Trust() {}

  /// @param rootCertificates PEM file, or empty
  /// @param trustStore PKCS#12 or JKS file, or empty
  /// @throws SQLException 08001, naming the file and what is wrong with it
  public static SSLContext of(String rootCertificates, String trustStore, String password)
      throws SQLException {
    try {
      if (rootCertificates.isEmpty() && trustStore.isEmpty()) {
        return SSLContext.getDefault();
      }
      KeyStore trusted =
          rootCertificates.isEmpty() ? store(trustStore, password) : pem(rootCertificates);
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      String file = rootCertificates.isEmpty() ? trustStore : rootCertificates;
      throw new SQLNonTransientConnectionException(
          (rootCertificates.isEmpty() ? "trustStore " : "sslRootCert ")
              + file
              + " cannot be read: "
              + e.getMessage(),
          "08001",
          e);
    }
  }

  private static KeyStore store(String file, String password)
      throws GeneralSecurityException, IOException {
    char[] secret = password.isEmpty() ? null : password.toCharArray();
    return KeyStore.getInstance(Path.of(file).toFile(), secret);
  }

  private static KeyStore pem(String file) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("root" + number++, one);
      }
      if (number == 0) {
        throw new IOException("there is no certificate in it; PEM is expected");
      }
    }
    return trusted;
  }
}
