// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.type.DataType;

/// A column of a result.
public record ResultColumn(String name, DataType type) {}
