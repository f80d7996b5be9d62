// SPDX-License-Identifier: Apache-2.0
package dev.varve.test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate of `localhost` and 127.0.0.1 that signs for itself, made by the JDK's keytool:
/// what a server shows, and what a client trusts.
///
/// @param keystore PKCS#12 with certificate and key, entry `server`
/// @param password of the keystore
public record SelfSigned(Path keystore, String password) {
  public static SelfSigned in(Path directory) throws IOException {
    return in(directory, "EC");
  }

  /// @param algorithm of the key: `EC`, `RSA` or `Ed25519`
  public static SelfSigned in(Path directory, String algorithm) throws IOException {
    Files.createDirectories(directory);
    Path keystore = directory.resolve("server-" + algorithm + ".p12");
    Path output = directory.resolve("keytool.txt");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-ext",
                "BC=ca:true",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keystore.toString(),
                "-storepass",
                "sesame")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool failed: " + Files.readString(output));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
    return new SelfSigned(keystore, "sesame");
  }

  public KeyStore open() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keystore)) {
      store.load(in, password.toCharArray());
    }
    return store;
  }

  public Certificate certificate() throws IOException, GeneralSecurityException {
    return open().getCertificate("server");
  }

  public Key key() throws IOException, GeneralSecurityException {
    return open().getKey("server", password.toCharArray());
  }

  /// For a server that shows the certificate, and for a client that trusts no other.
  public SSLContext context() throws IOException, GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(open(), password.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /// A file with the certificate in PEM, beside the keystore.
  public Path certificateFile() throws IOException, GeneralSecurityException {
    return Files.writeString(
        keystore.resolveSibling("server.crt"), pem("CERTIFICATE", certificate().getEncoded()));
  }

  /// Bytes as a block of PEM.
  public static String pem(String kind, byte[] bytes) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(bytes)
        + "\n-----END "
        + kind
        + "-----\n";
  }
}
