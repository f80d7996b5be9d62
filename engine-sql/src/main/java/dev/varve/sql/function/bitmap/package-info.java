// SPDX-License-Identifier: Apache-2.0
/// Functions over sets of integers, which are the states of `groupBitmap`.
package dev.varve.sql.function.bitmap;
