#!/usr/bin/env bash
# Makes the generated Java (src/main/java/dev/pawl/v1) anew from proto/. With --check it changes nothing
# and fails when the committed files are stale. Needs Maven.
set -euo pipefail
sdk=$(cd "$(dirname "$0")/.." && pwd)
root=$(cd "$sdk/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version() { sed -n "s|.*<$1.version>\(.*\)</$1.version>.*|\1|p" "$sdk/pom.xml"; }
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) classifier=linux-x86_64 ;;
  Linux-aarch64) classifier=linux-aarch_64 ;;
  Darwin-arm64) classifier=osx-aarch_64 ;;
  Darwin-x86_64) classifier=osx-x86_64 ;;
  *) echo "no protoc is published for $(uname -s) $(uname -m)" >&2 && exit 1 ;;
esac

# fetch GROUP:ARTIFACT:VERSION:TYPE[:CLASSIFIER]: a file from Maven Central; prints its path
fetch() {
  mvn -q -B -ntp -f "$sdk/pom.xml" dependency:copy "-Dartifact=$1" "-DoutputDirectory=$work/bin" >&2
  ls -t "$work"/bin/* | head -n 1
}
protoc=$(fetch "com.google.protobuf:protoc:$(version protobuf):exe:$classifier")
grpc=$(fetch "io.grpc:protoc-gen-grpc-java:$(version grpc):exe:$classifier")
chmod +x "$protoc" "$grpc"
# google/protobuf/*.proto come with the runtime.
runtime=$(fetch "com.google.protobuf:protobuf-java:$(version protobuf):jar")
mkdir "$work/include"
(cd "$work/include" && jar xf "$runtime")

# The contract carries no options of a language: a copy of it gets Java's. In the copy one field is renamed,
# because Java's accessors of `string input` and `int64 input_bytes` are both getInputBytes. On the wire
# fields are numbers, so nothing else changes.
cp -r "$root/proto" "$work/proto"
for file in "$work"/proto/pawl/v1/*.proto; do
  sed -i.orig -e 's|^package pawl.v1;|&\noption java_package = "dev.pawl.v1";\noption java_multiple_files = true;|' \
    -e 's|int64 input_bytes = 7;|int64 input_size = 7;|' "$file"
done
mkdir -p "$work/gen"
"$protoc" -I "$work/proto" -I "$work/include" --java_out="$work/gen" --plugin=protoc-gen-grpc-java="$grpc" \
  --grpc-java_out=@generated=omit:"$work/gen" "$work"/proto/pawl/v1/*.proto

committed=$sdk/src/main/java/dev/pawl/v1
if [ "${1:-}" = "--check" ]; then
  diff -rq "$work/gen/dev/pawl/v1" "$committed" || {
    echo "generated Java is stale: run sdk/java/tools/generate.sh" >&2
    exit 1
  }
else
  rm -rf "$committed"
  mkdir -p "$(dirname "$committed")"
  cp -r "$work/gen/dev/pawl/v1" "$committed"
fi
