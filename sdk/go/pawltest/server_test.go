package pawltest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pawl-dev/pawl/sdk/go/pawltest"
)

func TestServerThatCanNotBeStartedSaysWhy(t *testing.T) {
	for name, row := range map[string]struct {
		environment, path string
		options           []pawltest.Option
		want              string
	}{
		"no command":         {want: "pawl is not on the PATH"},
		"one that is absent": {environment: "/nowhere/pawl", want: "/nowhere/pawl can not be started"},
		"one that ends": {
			path:    "/usr/bin:/bin",
			options: []pawltest.Option{pawltest.WithCommand("sh", "-c", "echo no database >&2")},
			want:    "pawl dev ended before it was ready:\nno database",
		},
		"one that says something else": {
			path:    "/usr/bin:/bin",
			options: []pawltest.Option{pawltest.WithCommand("sh", "-c", "echo hello; exec sleep 60")},
			want:    `pawl dev said "hello"`,
		},
		"one that says nothing": {
			path:    "/usr/bin:/bin",
			options: []pawltest.Option{pawltest.WithCommand("sh", "-c", "exec sleep 60")},
			want:    "pawl dev is not ready: context deadline exceeded",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PAWL_COMMAND", row.environment)
			t.Setenv("PATH", row.path)
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			_, err := pawltest.Start(ctx, row.options...)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error is %v", err)
			}
		})
	}
}
