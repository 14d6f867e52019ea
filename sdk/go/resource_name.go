package pawl

import (
	"regexp"
	"strings"
)

var (
	plainName  = regexp.MustCompile(`^arn:aws:(?:lambda:::|states:::lambda:function:)(.+)$`)
	lambdaName = regexp.MustCompile(`^arn:aws[\w-]*:lambda:[\w-]+:\d*:function:([^:]+)(?::[^:]+)?$`)
)

// resourceName is the handler name that a spelling of a Resource leads to.
//
// arn:aws:lambda:::NAME and arn:aws:states:::lambda:function:NAME name it plainly (a name may hold colons);
// arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER] as AWS does; anything else is a name itself.
func resourceName(resource string) string {
	for _, pattern := range []*regexp.Regexp{plainName, lambdaName} {
		if match := pattern.FindStringSubmatch(resource); match != nil {
			return match[1]
		}
	}
	return resource
}

// servesResource says whether what a worker registered (a name, or a prefix with *) serves the resource of a task.
func servesResource(registered, resource string) bool {
	if registered == resource {
		return true
	}
	name := resourceName(registered)
	if prefix, isPrefix := strings.CutSuffix(name, "*"); isPrefix {
		return strings.HasPrefix(resourceName(resource), prefix)
	}
	return name == resourceName(resource)
}
