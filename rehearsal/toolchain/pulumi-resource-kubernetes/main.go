// Command pulumi-resource-kubernetes is the real pulumi-kubernetes plugin: upstream's
// own provider package behind upstream's own Serve. Upstream's main package embeds two
// generated files that its Go module does not carry; the engine asks for the schema only
// to generate SDKs, and for the mapping only to convert programs, so both are empty here.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

func main() {
	provider.Serve("kubernetes", "4.25.0", []byte(`{"name":"kubernetes","version":"4.25.0"}`), []byte(`{}`))
}
