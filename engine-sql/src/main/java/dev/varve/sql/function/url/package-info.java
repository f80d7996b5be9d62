// SPDX-License-Identifier: Apache-2.0
/// Functions that take URLs apart and cut them.
package dev.varve.sql.function.url;
