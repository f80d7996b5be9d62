// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.test.SelfSigned;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.cert.Certificate;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsContextsTest {
  @TempDir Path directory;

  private Optional<Path> password(String text) throws Exception {
    return Optional.of(Files.writeString(directory.resolve("password"), text + "\n"));
  }

  /// The certificate that a client sees who trusts only the one of the keystore.
  private static Certificate shown(SSLContext server, SelfSigned trusted) throws Exception {
    SSLEngine[] ends = {
      trusted.context().createSSLEngine("localhost", 1), server.createSSLEngine()
    };
    ends[0].setUseClientMode(true);
    ends[1].setUseClientMode(false);
    ByteBuffer[] wires = {ByteBuffer.allocate(65_536), ByteBuffer.allocate(65_536)};
    ByteBuffer nothing = ByteBuffer.allocate(0);
    ByteBuffer plain = ByteBuffer.allocate(65_536);
    for (int step = 0; step < 100; step++) {
      for (int side = 0; side < 2; side++) {
        while (ends[side].getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
          ends[side].getDelegatedTask().run();
        }
        ends[side].wrap(nothing, wires[side]);
        ByteBuffer received = wires[1 - side].flip();
        ends[side].unwrap(received, plain);
        received.compact();
      }
    }
    return ends[0].getSession().getPeerCertificates()[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void readsPem(String algorithm) throws Exception {
    SelfSigned made = SelfSigned.in(directory, algorithm);
    Path key =
        Files.writeString(
            directory.resolve("key"), SelfSigned.pem("PRIVATE KEY", made.key().getEncoded()));
    SSLContext context =
        TlsContexts.of(new CertificateFiles.Pem(made.certificateFile(), key, Optional.empty()));
    assertThat(shown(context, made)).isEqualTo(made.certificate());
  }

  private static byte[] encrypted(byte[] key, String password) throws Exception {
    String algorithm = "PBEWithHmacSHA256AndAES_256";
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(
        Cipher.ENCRYPT_MODE,
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(password.toCharArray())));
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
    parameters.init(cipher.getParameters().getEncoded());
    return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(key)).getEncoded();
  }

  @Test
  void readsAnEncryptedKeyByItsPassword() throws Exception {
    SelfSigned made = SelfSigned.in(directory);
    String text =
        SelfSigned.pem("ENCRYPTED PRIVATE KEY", encrypted(made.key().getEncoded(), "open"));
    Path key = Files.writeString(directory.resolve("key"), text);
    Path certificate = made.certificateFile();
    SSLContext context =
        TlsContexts.of(new CertificateFiles.Pem(certificate, key, password("open")));
    assertThat(shown(context, made)).isEqualTo(made.certificate());
    CertificateFiles wrong = new CertificateFiles.Pem(certificate, key, password("shut"));
    assertThatThrownBy(() -> TlsContexts.of(wrong))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("cannot be read as the EC key")
        .hasMessageContaining("--tls-password-file");
  }

  @Test
  void readsAKeystoreByItsPassword() throws Exception {
    SelfSigned made = SelfSigned.in(directory);
    SSLContext context =
        TlsContexts.of(new CertificateFiles.Keystore(made.keystore(), password("sesame")));
    assertThat(shown(context, made)).isEqualTo(made.certificate());
    CertificateFiles wrong = new CertificateFiles.Keystore(made.keystore(), password("guess"));
    assertThatThrownBy(() -> TlsContexts.of(wrong))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("does not open with the password");
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    SelfSigned made = SelfSigned.in(directory);
    Path certificate = made.certificateFile();
    Path old =
        Files.writeString(
            directory.resolve("old"), SelfSigned.pem("EC PRIVATE KEY", new byte[] {48, 0}));
    assertThatThrownBy(
            () -> TlsContexts.of(new CertificateFiles.Pem(certificate, old, Optional.empty())))
        .hasMessageContaining("expected PKCS#8; run openssl pkcs8");
    assertThatThrownBy(() ->
            TlsContexts.of(new CertificateFiles.Pem(certificate, certificate, Optional.empty())))
        .hasMessageContaining("has no private key");
    Path missing = directory.resolve("missing");
    assertThatThrownBy(
            () -> TlsContexts.of(new CertificateFiles.Pem(missing, old, Optional.empty())))
        .hasMessageContaining("--tls-cert " + missing + " cannot be read");
  }
}
