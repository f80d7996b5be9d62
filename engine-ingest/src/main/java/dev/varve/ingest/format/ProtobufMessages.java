// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The messages and enumerations of a `FileDescriptorSet`, as `protoc --descriptor_set_out` writes
/// it (with `--include_imports`).
final class ProtobufMessages {
  /// A field as its `FieldDescriptorProto` has it.
  ///
  /// @param type its number there: 1 double, 5 int32, 9 string, 11 message, …
  /// @param typeName full name of the message or enumeration, or empty
  /// @param zeroIsAbsent whether a value of zero is not written, so that absence means zero
  record Field(
      int number,
      String name,
      int type,
      String typeName,
      boolean isRepeated,
      boolean zeroIsAbsent) {}

  /// @param isEntry whether it stands for an entry of a map
  record Message(String name, List<Field> fields, boolean isEntry) {
    Field field(int number) {
      for (Field field : fields) {
        if (field.number == number) {
          return field;
        }
      }
      return null;
    }
  }

  private static final int VARINT = 0;
  private static final int BYTES = 2;

  private final Map<String, Message> messages = new HashMap<>();
  private final Map<String, Map<Integer, String>> enumerations = new HashMap<>();
  private Message root;

  private ProtobufMessages() {}

  /// @throws VarveException BAD_ARGUMENTS with what is wrong
  static ProtobufMessages parse(String base64, String message) {
    ProtobufMessages all = new ProtobufMessages();
    try {
      byte[] set = Base64.getMimeDecoder().decode(base64);
      all.each(
          cursor(set, 0, set.length),
          (field, value) -> {
            if (field == 1) {
              all.file(value);
            }
          });
    } catch (IllegalArgumentException | VarveException e) {
      throw invalid("it is no FileDescriptorSet in base64: " + e.getMessage());
    }
    all.root = all.messages.get(message);
    if (all.root == null) {
      throw invalid(
          "no message \"" + message + "\"" + NearNames.suggest(message, all.messages.keySet()));
    }
    return all;
  }

  private static VarveException invalid(String message) {
    return new VarveException(ErrorCode.BAD_ARGUMENTS, "protobuf_descriptor: " + message);
  }

  Message root() {
    return root;
  }

  Message message(String name) {
    Message message = messages.get(name);
    if (message == null) {
      throw invalid("it lacks message " + name + "; write it with --include_imports");
    }
    return message;
  }

  /// The label of an enumeration's number, or null.
  String label(String enumeration, int number) {
    return enumerations.getOrDefault(enumeration, Map.of()).get(number);
  }

  private interface Visitor {
    /// @param value the bytes of the field, or its number alone for a varint
    void field(int number, ByteCursor value);
  }

  private static ByteCursor cursor(byte[] bytes, int from, int to) {
    ByteCursor cursor = new ByteCursor();
    cursor.open(bytes, from, to);
    return cursor;
  }

  /// Visits fields; numbers stand as a cursor in front of the varint.
  private void each(ByteCursor in, Visitor visitor) {
    while (in.left() > 0) {
      int tag = (int) in.varint();
      int from = in.at;
      switch (tag & 7) {
        case VARINT -> in.varint();
        case 1 -> in.take(8);
        case BYTES -> {
          int length = (int) in.varint();
          from = in.take(length);
        }
        case 5 -> in.take(4);
        default -> throw ByteCursor.malformed("wire type " + (tag & 7));
      }
      visitor.field(tag >>> 3, cursor(in.bytes, from, in.at));
    }
  }

  private static String text(ByteCursor value) {
    return new String(value.bytes, value.at, value.left(), StandardCharsets.UTF_8);
  }

  private void file(ByteCursor file) {
    String[] prefix = {""};
    boolean[] isThree = {false};
    int begin = file.at;
    each(
        file,
        (field, value) -> {
          if (field == 2) {
            prefix[0] = text(value) + ".";
          } else if (field == 12) {
            isThree[0] = text(value).equals("proto3");
          }
        });
    file.at = begin;
    each(
        file,
        (field, value) -> {
          if (field == 4) {
            message(prefix[0], value, isThree[0]);
          } else if (field == 5) {
            enumeration(prefix[0], value);
          }
        });
  }

  private void message(String prefix, ByteCursor message, boolean isThree) {
    String[] name = {""};
    boolean[] isEntry = {false};
    List<Field> fields = new ArrayList<>();
    int begin = message.at;
    each(
        message,
        (field, value) -> {
          if (field == 1) {
            name[0] = prefix + text(value);
          } else if (field == 2) {
            fields.add(field(value, isThree));
          } else if (field == 7) {
            each(value, (option, flag) -> isEntry[0] |= option == 7 && flag.varint() != 0);
          }
        });
    messages.put(name[0], new Message(name[0], List.copyOf(fields), isEntry[0]));
    message.at = begin;
    each(
        message,
        (field, value) -> {
          if (field == 3) {
            message(name[0] + ".", value, isThree);
          } else if (field == 4) {
            enumeration(name[0] + ".", value);
          }
        });
  }

  private Field field(ByteCursor field, boolean isThree) {
    String[] texts = {"", ""};
    int[] numbers = new int[18];
    boolean[] inOneof = {false};
    each(
        field,
        (number, value) -> {
          if (number == 1) {
            texts[0] = text(value);
          } else if (number == 6) {
            texts[1] = text(value).substring(value.bytes[value.at] == '.' ? 1 : 0);
          } else if (number == 9) {
            inOneof[0] = true;
          } else if (number == 3 || number == 4 || number == 5 || number == 17) {
            numbers[number] = (int) value.varint();
          }
        });
    boolean isRepeated = numbers[4] == 3;
    boolean isMessage = numbers[5] == 11 || numbers[5] == 10;
    boolean zeroIsAbsent = isThree && !isRepeated && !isMessage && !inOneof[0] && numbers[17] == 0;
    return new Field(numbers[3], texts[0], numbers[5], texts[1], isRepeated, zeroIsAbsent);
  }

  private void enumeration(String prefix, ByteCursor enumeration) {
    String[] name = {""};
    Map<Integer, String> labels = new HashMap<>();
    each(
        enumeration,
        (field, value) -> {
          if (field == 1) {
            name[0] = prefix + text(value);
          } else if (field == 2) {
            String[] label = {""};
            int[] number = {0};
            each(
                value,
                (part, content) -> {
                  if (part == 1) {
                    label[0] = text(content);
                  } else if (part == 2) {
                    number[0] = (int) content.varint();
                  }
                });
            labels.putIfAbsent(number[0], label[0]);
          }
        });
    enumerations.put(name[0], labels);
  }
}
