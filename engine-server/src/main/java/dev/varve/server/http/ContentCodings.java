// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;

/// The content codings of HTTP: gzip, deflate, zstd, lz4 (its frame format) and, on machines that
/// its library knows, brotli.
final class ContentCodings {
  private static final int BUFFER_BYTES = 1 << 16;

  /// The best first, as time goes.
  private static final List<String> OFFERED =
      Brotli4jLoader.isAvailable()
          ? List.of("zstd", "lz4", "gzip", "br", "deflate")
          : List.of("zstd", "lz4", "gzip", "deflate");

  /// As quick as gzip, and smaller.
  private static final int BROTLI_QUALITY = 4;

  private ContentCodings() {}

  /// The body of a request without its coding.
  ///
  /// @param coding the header `Content-Encoding`, or empty
  /// @throws VarveException BAD_ARGUMENTS for a coding that is not known here
  static InputStream decoded(InputStream body, String coding) throws IOException {
    return switch (coding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> body;
      case "gzip", "x-gzip" -> new GZIPInputStream(body, BUFFER_BYTES);
      case "deflate" -> new InflaterInputStream(body);
      case "zstd" -> new ZstdInputStream(body).setContinuous(false);
      case "lz4" -> new LZ4FrameInputStream(body);
      case "br" -> {
        if (!Brotli4jLoader.isAvailable()) {
          throw unknown(coding);
        }
        yield new BrotliInputStream(body);
      }
      default -> throw unknown(coding);
    };
  }

  private static VarveException unknown(String coding) {
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "Content-Encoding \""
            + coding
            + "\" is not known here; send the body plain, or as one of "
            + String.join(", ", OFFERED));
  }

  /// The coding to answer in, or empty for none.
  ///
  /// @param accepted the header `Accept-Encoding`, or empty
  static String choose(String accepted) {
    String best = "";
    double bestWeight = 0;
    for (String name : OFFERED) {
      double weight = weight(accepted, name);
      if (weight > bestWeight) {
        best = name;
        bestWeight = weight;
      }
    }
    return best;
  }

  private static double weight(String accepted, String name) {
    for (String part : accepted.split(",")) {
      String[] words = part.strip().split(";");
      if (words[0].strip().equalsIgnoreCase(name)) {
        return words.length > 1 ? quality(words[1].strip()) : 1;
      }
    }
    return 0;
  }

  private static double quality(String word) {
    try {
      return word.startsWith("q=") ? Double.parseDouble(word.substring(2)) : 1;
    } catch (NumberFormatException e) {
      // A weight that is no number says nothing; the coding itself is named.
      return 1;
    }
  }

  /// A stream that codes what is written to it.
  ///
  /// @param coding one that [#choose] gave
  static OutputStream coded(OutputStream out, String coding) throws IOException {
    return switch (coding) {
      case "" -> out;
      case "gzip" -> new GZIPOutputStream(out, BUFFER_BYTES, true);
      case "deflate" -> new DeflaterOutputStream(out, true);
      case "zstd" -> new ZstdOutputStream(out, 1);
      case "lz4" -> new LZ4FrameOutputStream(out);
      case "br" -> new BrotliOutputStream(out, new Encoder.Parameters().setQuality(BROTLI_QUALITY));
      default -> throw new IllegalStateException("not chosen here: " + coding);
    };
  }
}
