// Reads a QR code from pixels, for tablets whose browser has no BarcodeDetector. Loaded only when a photo was taken.
export { default } from "jsqr";
