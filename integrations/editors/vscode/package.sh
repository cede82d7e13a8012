#!/bin/sh
# Writes absolve.vsix: a zip with the extension, its dependencies and a manifest. Needs npm, zip and nothing else.
set -eu
cd "$(dirname "$0")"
npm install --no-audit --no-fund
npx tsc -p .
npm prune --omit=dev --no-audit --no-fund
stage=$(mktemp -d)
mkdir "$stage/extension"
cp -r package.json README.md out node_modules "$stage/extension/"
version=$(node -p 'require("./package.json").version')
cat > "$stage/[Content_Types].xml" <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="json" ContentType="application/json"/><Default Extension="js" ContentType="application/javascript"/><Default Extension="map" ContentType="application/json"/><Default Extension="ts" ContentType="text/plain"/><Default Extension="md" ContentType="text/markdown"/><Default Extension="txt" ContentType="text/plain"/><Default Extension="vsixmanifest" ContentType="text/xml"/></Types>
XML
cat > "$stage/extension.vsixmanifest" <<XML
<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata><Identity Language="en-US" Id="absolve" Version="$version" Publisher="absolve-lint"/><DisplayName>Absolve</DisplayName>
    <Description xml:space="preserve">Finds the deadly sins of support writing, and offers better words</Description></Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/></Assets>
</PackageManifest>
XML
rm -f absolve.vsix
(cd "$stage" && zip -qr - .) > absolve.vsix
rm -r "$stage"
ls -l absolve.vsix
