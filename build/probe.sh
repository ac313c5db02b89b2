# Asks the feed for the real packages by restoring them. Sets CHOICE and REASON. Sourced by setup.sh.

PROBE_TIMEOUT="${SNGP_PROBE_TIMEOUT:-180}"
NATIVE_TIMEOUT="${SNGP_NATIVE_PROBE_TIMEOUT:-1200}"

# A project outside the repository's own settings, but under its NuGet.config, with the versions of Dependencies.props.
write_probe_project() {
  mkdir -p "$1"
  cat > "$1/probe.csproj" << 'END'
<Project>
  <PropertyGroup>
    <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
    <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
    <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
    <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
  <Import Project="../../../Dependencies.props" />
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.ML" Version="[$(MicrosoftMLVersion)]" />
    <PackageReference Include="Microsoft.ML.OnnxConverter" Version="[$(MicrosoftMLVersion)]" />
    <PackageReference Include="Microsoft.ML.OnnxTransformer" Version="[$(MicrosoftMLVersion)]" />
    <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="[$(OnnxRuntimeVersion)]" />
    <PackageReference Include="TorchSharp" Version="[$(TorchSharpVersion)]" />
    <PackageReference Include="TorchSharp-cpu" Version="[$(TorchSharpVersion)]" Condition="'$(ProbeNative)' == 'true'" />
    <PackageReference Include="Google.Protobuf" Version="[$(GoogleProtobufVersion)]" />
  </ItemGroup>
  <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
</Project>
END
}

restore_probe() {
  local seconds="$1" status=0
  shift
  timeout --kill-after=10 "$seconds" env DOTNET_CLI_UI_LANGUAGE=en dotnet restore "$PROBE/probe.csproj" -v quiet -nologo --force -nodeReuse:false \
    -p:SngpDependencies=nuget "$@" > "$PROBE/restore.log" 2>&1 < /dev/null || status=$?
  return "$status"
}

probe_feed() {
  PROBE="$DEPS/probe"
  rm -rf "$PROBE"
  write_probe_project "$PROBE"
  say "Asking the package feed for Microsoft.ML, TorchSharp and ONNX Runtime ..."
  local status=0
  restore_probe "$PROBE_TIMEOUT" || status=$?
  if [[ "$status" == 0 ]]; then
    say "The managed packages are there; fetching the native libtorch (this can take minutes the first time) ..."
    restore_probe "$NATIVE_TIMEOUT" -p:ProbeNative=true || status=$?
  fi
  judge_probe "$status"
  rm -rf "$PROBE"
}

# "Not in this feed" chooses local; anything else that went wrong would go wrong there too, and is reported.
judge_probe() {
  local status="$1" log="$PROBE/restore.log" missing
  missing="$(sed -nE 's/.*NU110[123]: Unable to find (a stable )?package ([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*).*/\2/p' "$log" | sort -u | paste -sd, - | sed 's/,/, /g')"
  if [[ "$status" == 0 ]]; then
    CHOICE=nuget
    REASON="the feed holds the real packages"
  elif [[ "$status" == 124 || "$status" == 137 ]]; then
    cat "$log" >&2
    fail "the package feed did not answer in time." \
      "Try again, or choose with SNGP_DEPENDENCIES=nuget or SNGP_DEPENDENCIES=local."
  elif [[ -n "$missing" ]] && ! grep -q NU1301 "$log"; then
    CHOICE=local
    REASON="the feed does not hold, in the version needed, $missing"
  else
    cat "$log" >&2
    fail "the package feed could not be asked; the messages above say why (no network?)." \
      "SNGP_DEPENDENCIES=nuget or SNGP_DEPENDENCIES=local chooses without asking."
  fi
}
