package pawltest

import (
	"strings"
	"sync"
)

// tail keeps the last lines of a log.
type tail struct {
	mu    sync.Mutex
	lines []string
}

// Write implements io.Writer.
func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")...)
	t.lines = t.lines[max(0, len(t.lines)-logLinesMax):]
	return len(text), nil
}

// String is what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}
