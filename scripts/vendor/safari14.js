// Safari 14 has BigInt but not DataView.setBigUint64 (Safari 15), which Poly1305's length block uses.
if (!DataView.prototype.setBigUint64) {
  DataView.prototype.setBigUint64 = function (offset, value, littleEndian) {
    const high = Number(value >> BigInt(32));
    const low = Number(value & BigInt(0xffffffff));
    this.setUint32(offset, littleEndian ? low : high, littleEndian);
    this.setUint32(offset + 4, littleEndian ? high : low, littleEndian);
  };
}
