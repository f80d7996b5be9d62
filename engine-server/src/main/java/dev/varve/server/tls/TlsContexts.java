// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.tls;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/// Makes what TLS sockets ask for of a server's certificate. The files are read once: a renewed
/// certificate is taken up at the next start.
public final class TlsContexts {
  private static final char[] NO_PASSWORD = {};

  private TlsContexts() {}

  /// @throws VarveException BAD_ARGUMENTS, naming the file and what is wrong with it
  public static SSLContext of(CertificateFiles files) {
    return context(files, null);
  }

  /// Shows the certificate as a client too, and trusts nobody but whom the authorities sign for.
  ///
  /// @param authorities PEM
  /// @throws VarveException BAD_ARGUMENTS, naming the file and what is wrong with it
  public static SSLContext mutual(CertificateFiles files, Path authorities) {
    try {
      KeyStore trusted = empty();
      Certificate[] all = chain(authorities, "--cluster-ca");
      for (int i = 0; i < all.length; i++) {
        trusted.setCertificateEntry("authority-" + i, all[i]);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      return context(files, managers.getTrustManagers());
    } catch (GeneralSecurityException e) {
      throw bad("--cluster-ca " + authorities + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static SSLContext context(CertificateFiles files, TrustManager[] trusts) {
    try {
      char[] password = password(files.password());
      KeyStore keys = keys(files, password);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), trusts, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw bad("the certificate cannot be used: " + e.getMessage(), e);
    }
  }

  /// Certificate and key as PEM that needs no password, for libraries that take nothing else.
  ///
  /// @param chain the server's own certificate first
  /// @param key PKCS#8
  public record PlainPem(String chain, String key) {}

  /// @throws VarveException BAD_ARGUMENTS, naming the file and what is wrong with it
  public static PlainPem plainPem(CertificateFiles files) {
    try {
      char[] password = password(files.password());
      KeyStore keys = keys(files, password);
      for (String alias : Collections.list(keys.aliases())) {
        if (keys.isKeyEntry(alias)) {
          StringBuilder chain = new StringBuilder();
          for (Certificate certificate : keys.getCertificateChain(alias)) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
          }
          Key key = keys.getKey(alias, password);
          return new PlainPem(chain.toString(), pem("PRIVATE KEY", key.getEncoded()));
        }
      }
      throw new IllegalStateException("checked when it was read: the keystore has a key");
    } catch (GeneralSecurityException e) {
      throw bad("the certificate cannot be used: " + e.getMessage(), e);
    }
  }

  private static String pem(String what, byte[] bytes) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
  }

  private static KeyStore keys(CertificateFiles files, char[] password)
      throws GeneralSecurityException {
    return switch (files) {
      case CertificateFiles.Pem pem -> pem(pem, password);
      case CertificateFiles.Keystore(Path file, _) -> keystore(file, password);
    };
  }

  private static char[] password(Optional<Path> file) {
    if (file.isEmpty()) {
      return NO_PASSWORD;
    }
    return text(file.get(), "--tls-password-file")
        .lines()
        .findFirst()
        .map(String::toCharArray)
        .orElse(NO_PASSWORD);
  }

  private static KeyStore pem(CertificateFiles.Pem files, char[] password)
      throws GeneralSecurityException {
    Certificate[] chain = chain(files.certificate(), "--tls-cert");
    String text = text(files.key(), "--tls-key");
    PrivateKey key =
        PemKey.read(text, chain[0].getPublicKey().getAlgorithm(), password, files.key());
    KeyStore keys = empty();
    keys.setKeyEntry("server", key, password, chain);
    return keys;
  }

  private static KeyStore empty() throws GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try {
      keys.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("an empty keystore reads nothing", e);
    }
    return keys;
  }

  private static Certificate[] chain(Path file, String option) throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw bad(option + " " + file + " has no certificate; PEM is expected", null);
      }
      return all.toArray(Certificate[]::new);
    } catch (IOException e) {
      throw unreadable(option, file, e);
    }
  }

  private static KeyStore keystore(Path file, char[] password) throws GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, password);
    } catch (IOException e) {
      if (e.getCause() instanceof GeneralSecurityException) {
        throw bad(
            "--tls-keystore " + file + " does not open with the password of --tls-password-file",
            e);
      }
      throw unreadable("--tls-keystore", file, e);
    }
    for (String alias : Collections.list(keys.aliases())) {
      if (keys.isKeyEntry(alias)) {
        return keys;
      }
    }
    throw bad("--tls-keystore " + file + " has no private key", null);
  }

  private static String text(Path file, String option) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw unreadable(option, file, e);
    }
  }

  private static VarveException unreadable(String option, Path file, IOException e) {
    return bad(option + " " + file + " cannot be read: " + e, e);
  }

  static VarveException bad(String message, Exception cause) {
    return new VarveException(ErrorCode.BAD_ARGUMENTS, message, cause);
  }
}
