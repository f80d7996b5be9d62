// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// A private key as text: PKCS#8 in base64 between two lines of dashes.
final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]*)-----END \\1-----");

  private PemKey() {}

  /// @param algorithm that of the certificate's key
  /// @param file for messages
  static PrivateKey read(String text, String algorithm, char[] password, Path file) {
    Matcher block = BLOCK.matcher(text);
    if (!block.find()) {
      throw TlsContexts.bad("--tls-key " + file + " has no private key; PEM is expected", null);
    }
    String kind = block.group(1);
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(block.group(2));
      PKCS8EncodedKeySpec key =
          switch (kind) {
            case "PRIVATE KEY" -> new PKCS8EncodedKeySpec(bytes);
            case "ENCRYPTED PRIVATE KEY" -> decrypted(bytes, password);
            default ->
                throw TlsContexts.bad(
                    "--tls-key "
                        + file
                        + " is a \""
                        + kind
                        + "\", expected PKCS#8; run openssl pkcs8 -topk8 -nocrypt -in "
                        + file,
                    null);
          };
      return KeyFactory.getInstance(algorithm).generatePrivate(key);
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw TlsContexts.bad(
          "--tls-key "
              + file
              + " cannot be read as the "
              + algorithm
              + " key of the certificate"
              + (kind.startsWith("ENCRYPTED") ? " with the password of --tls-password-file" : "")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static PKCS8EncodedKeySpec decrypted(byte[] bytes, char[] password)
      throws GeneralSecurityException, IOException {
    EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(bytes);
    // What PBES2 is made of stands in its parameters, whose text is the name of the algorithm.
    String algorithm =
        encrypted.getAlgName().equals("PBES2")
            ? encrypted.getAlgParameters().toString()
            : encrypted.getAlgName();
    SecretKey secret =
        SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password));
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(Cipher.DECRYPT_MODE, secret, encrypted.getAlgParameters());
    return encrypted.getKeySpec(cipher);
  }
}
