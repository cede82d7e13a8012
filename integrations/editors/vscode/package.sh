#!/bin/sh
# Writes absolve.vsix: a zip with the extension in one file and a manifest. Needs npm and zip.
set -eu
cd "$(dirname "$0")"
npm ci --no-audit --no-fund --ignore-scripts --silent
npx tsc --noEmit -p .
stage=$(mktemp -d)
trap 'rm -r "$stage"' EXIT
extension=$stage/extension
npx esbuild src/extension.ts --bundle --minify --platform=node --target=node20 --external:vscode --log-level=warning \
    --outfile="$extension/out/extension.js"
cp package.json README.md "$extension/"
cat ../../../LICENSE-MIT ../../../LICENSE-APACHE > "$extension/LICENSE.txt"
cp ../../zendesk/app/assets/logo-small.png "$extension/icon.png"
# The licences of what is in that one file.
npm ls --omit=dev --all --parseable | tail -n +2 | while read -r package; do
    printf '== %s\n\n' "$(basename "$package")"
    cat "$package"/[Ll][Ii][Cc][Ee][Nn][Ss]*
    echo
done > "$extension/THIRD-PARTY.txt"
field() { node -p "require('./package.json').$1"; }
cat > "$stage/[Content_Types].xml" <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="json" ContentType="application/json"/><Default Extension="js" ContentType="application/javascript"/><Default Extension="md" ContentType="text/markdown"/><Default Extension="txt" ContentType="text/plain"/><Default Extension="png" ContentType="image/png"/><Default Extension="vsixmanifest" ContentType="text/xml"/></Types>
XML
cat > "$stage/extension.vsixmanifest" <<XML
<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata><Identity Language="en-US" Id="$(field name)" Version="$(field version)" Publisher="$(field publisher)"/><DisplayName>$(field displayName)</DisplayName>
    <Description xml:space="preserve">$(field description)</Description><Categories>Linters</Categories><Icon>extension/icon.png</Icon><License>extension/LICENSE.txt</License>
    <Properties><Property Id="Microsoft.VisualStudio.Code.Engine" Value="$(field engines.vscode)"/></Properties></Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Icons.Default" Path="extension/icon.png" Addressable="true"/>
  </Assets>
</PackageManifest>
XML
rm -f absolve.vsix
(cd "$stage" && zip -qr - .) > absolve.vsix
ls -l absolve.vsix
