package pawl

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// enumName is an enum value's name without the prefix that all of its kind have.
func enumName(value protoreflect.Enum, prefix string) string {
	descriptor := value.Descriptor().Values().ByNumber(value.Number())
	if descriptor == nil {
		return "UNSPECIFIED"
	}
	return strings.TrimPrefix(string(descriptor.Name()), prefix)
}
