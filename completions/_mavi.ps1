# Completion of mavi for PowerShell. `mavi completions --help` explains how to install it.

Register-ArgumentCompleter -Native -CommandName mavi -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $elements = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition })
    $words = @($elements | Select-Object -Skip 1 | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
    $word = ''
    if ($words.Count -gt 0 -and $elements[-1].Extent.EndOffset -ge $cursorPosition) {
        # The last word is the one at the cursor.
        $extent = $elements[-1].Extent
        $word = $extent.Text.Substring(0, $cursorPosition - $extent.StartOffset)
        $words = @($words | Select-Object -SkipLast 1)
    }
    # PowerShell may take only the end of a word for the one to complete, as after a comma.
    $before = if ($word.EndsWith($wordToComplete)) { $word.Length - $wordToComplete.Length } else { 0 }

    $lines = @(& mavi __complete "--word=$word" '--' @words 2>$null)
    if ($lines -contains ':files' -or $lines -contains ':directories') {
        # With no results, PowerShell completes the names of files.
        return
    }
    if ($lines.Count -eq 0) {
        # An empty one keeps it from doing so.
        return ''
    }
    foreach ($line in $lines) {
        $value, $help = $line -split "`t", 2
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($value.Substring($before), $value, 'ParameterValue', $help)
    }
}
